ALTER TABLE "integrity_days" ADD COLUMN "change" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "integrity_days" ADD COLUMN "calls_llm" bigint;--> statement-breakpoint
ALTER TABLE "integrity_days" ADD COLUMN "difference_usd" numeric(38, 15);--> statement-breakpoint
ALTER TABLE "integrity_days" ADD COLUMN "note" text;