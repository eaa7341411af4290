CREATE TABLE "corrections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"project_ids" text[] NOT NULL,
	"from_us" bigint NOT NULL,
	"to_us" bigint NOT NULL,
	"filters" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_dry_run" boolean DEFAULT false NOT NULL,
	"reason" text NOT NULL,
	"author_type" text NOT NULL,
	"author_id" text NOT NULL,
	"author_name" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"position" jsonb,
	"calls_total" bigint,
	"calls_seen" bigint DEFAULT 0 NOT NULL,
	"calls_changed" bigint DEFAULT 0 NOT NULL,
	"before_usd" numeric(38, 15) DEFAULT '0' NOT NULL,
	"after_usd" numeric(38, 15) DEFAULT '0' NOT NULL,
	"unknown_before" bigint DEFAULT 0 NOT NULL,
	"unknown_after" bigint DEFAULT 0 NOT NULL,
	"models" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"error" text,
	CONSTRAINT "corrections_kind" CHECK ("corrections"."kind" in ('reprice', 'void', 'restore', 'erase')),
	CONSTRAINT "corrections_state" CHECK ("corrections"."state" in ('queued', 'running', 'done', 'failed', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "spend_counters" (
	"project_id" uuid NOT NULL,
	"bucket" bigint NOT NULL,
	"events" bigint NOT NULL,
	"cost_usd" numeric(38, 15) NOT NULL,
	"unknown_costs" bigint NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "spend_counters_project_id_bucket_pk" PRIMARY KEY("project_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "spools" (
	"id" text PRIMARY KEY NOT NULL,
	"counted_sequence" bigint DEFAULT 0 NOT NULL,
	"fresh_to" timestamp with time zone NOT NULL,
	"backlog_events" bigint DEFAULT 0 NOT NULL,
	"seen_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "integrity_days" (
	"project_id" uuid NOT NULL,
	"day" date NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"calls_events" bigint,
	"calls_usd" numeric(38, 15),
	"rollup_events" bigint,
	"rollup_usd" numeric(38, 15),
	"counter_events" bigint,
	"counter_usd" numeric(38, 15),
	"repair" text,
	"repaired_at" timestamp with time zone,
	CONSTRAINT "integrity_days_project_id_day_pk" PRIMARY KEY("project_id","day"),
	CONSTRAINT "integrity_days_state" CHECK ("integrity_days"."state" in ('equal', 'moving', 'different', 'repaired', 'sealed'))
);
--> statement-breakpoint
CREATE TABLE "integrity_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"days" integer DEFAULT 0 NOT NULL,
	"differences" integer DEFAULT 0 NOT NULL,
	"is_full" boolean DEFAULT false NOT NULL,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "rejection_counts" (
	"project_id" uuid NOT NULL,
	"day" date NOT NULL,
	"kind" text NOT NULL,
	"fingerprint" text NOT NULL,
	"message" text NOT NULL,
	"events" bigint NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rejection_counts_project_id_day_kind_fingerprint_pk" PRIMARY KEY("project_id","day","kind","fingerprint")
);
--> statement-breakpoint
CREATE TABLE "rejections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"fingerprint" text NOT NULL,
	"api_key_id" text,
	"event_id" text,
	"errors" jsonb NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"retried_at" timestamp with time zone,
	"spool_id" text NOT NULL,
	"spool_key" bigint NOT NULL,
	CONSTRAINT "rejections_spool_key" UNIQUE("spool_id","spool_key"),
	CONSTRAINT "rejections_kind" CHECK ("rejections"."kind" in ('rejected', 'conflict', 'poisoned')),
	CONSTRAINT "rejections_state" CHECK ("rejections"."state" in ('open', 'retrying', 'accepted'))
);
--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "retention_days" integer;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "sealed_before" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "corrections_created" ON "corrections" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "spend_counters_changed" ON "spend_counters" USING btree ("changed_at");--> statement-breakpoint
CREATE INDEX "rejections_project_received" ON "rejections" USING btree ("project_id","received_at");--> statement-breakpoint
CREATE INDEX "rejections_retrying" ON "rejections" USING btree ("retried_at") WHERE "rejections"."state" = 'retrying';--> statement-breakpoint
ALTER TABLE "projects" ADD CONSTRAINT "projects_retention_days" CHECK ("projects"."retention_days" >= 1);