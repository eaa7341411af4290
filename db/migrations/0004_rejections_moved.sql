ALTER TABLE "spools" ADD COLUMN "moved_key" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rejections" ADD COLUMN "is_truncated" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "rejections" ADD COLUMN "is_content_dropped" boolean DEFAULT false NOT NULL;