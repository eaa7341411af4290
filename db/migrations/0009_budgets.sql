CREATE TABLE "budget_counters" (
	"budget_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"value" text NOT NULL,
	"period" text NOT NULL,
	"spent_usd" numeric(38, 15) DEFAULT '0' NOT NULL,
	"spent_tokens" bigint DEFAULT 0 NOT NULL,
	"spent_calls" bigint DEFAULT 0 NOT NULL,
	"spent_tool_calls" bigint DEFAULT 0 NOT NULL,
	"spent_ms" bigint DEFAULT 0 NOT NULL,
	"unknown_costs" bigint DEFAULT 0 NOT NULL,
	"unreserved_usd" numeric(38, 15) DEFAULT '0' NOT NULL,
	"unreserved_events" bigint DEFAULT 0 NOT NULL,
	"reserved_usd" numeric(38, 15) DEFAULT '0' NOT NULL,
	"reserved_tokens" bigint DEFAULT 0 NOT NULL,
	"reserved_calls" bigint DEFAULT 0 NOT NULL,
	"reserved_tool_calls" bigint DEFAULT 0 NOT NULL,
	"throttle_minute" bigint DEFAULT 0 NOT NULL,
	"throttle_calls" integer DEFAULT 0 NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "budget_counters_budget_id_generation_value_period_pk" PRIMARY KEY("budget_id","generation","value","period")
);
--> statement-breakpoint
CREATE TABLE "budget_events" (
	"project_id" uuid NOT NULL,
	"bucket" bigint NOT NULL,
	"id_hash" text NOT NULL,
	CONSTRAINT "budget_events_bucket_project_id_id_hash_pk" PRIMARY KEY("bucket","project_id","id_hash")
);
--> statement-breakpoint
CREATE TABLE "budget_shifts" (
	"budget_id" uuid NOT NULL,
	"project_id" uuid NOT NULL,
	"bucket" bigint NOT NULL,
	"event_id" text NOT NULL,
	"period" text NOT NULL,
	CONSTRAINT "budget_shifts_budget_id_project_id_bucket_event_id_pk" PRIMARY KEY("budget_id","project_id","bucket","event_id")
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid,
	"name" text NOT NULL,
	"owner" text DEFAULT '' NOT NULL,
	"scope" text NOT NULL,
	"value" text,
	"window" text NOT NULL,
	"time_zone" text NOT NULL,
	"week_start" smallint DEFAULT 1 NOT NULL,
	"month_day" smallint DEFAULT 1 NOT NULL,
	"limit_usd" numeric(38, 15),
	"limit_tokens" bigint,
	"limit_calls" bigint,
	"limit_tool_calls" bigint,
	"limit_seconds" bigint,
	"mode" text NOT NULL,
	"action" text NOT NULL,
	"throttle_per_minute" integer,
	"reroute_to" text,
	"unpriced" text NOT NULL,
	"unpriced_usd_per_mtok" numeric(24, 9),
	"thresholds" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"next_generation" integer,
	"next_after_us" bigint,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "budgets_mode" CHECK ("budgets"."mode" in ('observe', 'enforce', 'strict')),
	CONSTRAINT "budgets_action" CHECK ("budgets"."action" in ('block', 'throttle', 'reroute')),
	CONSTRAINT "budgets_unpriced" CHECK ("budgets"."unpriced" in ('warn', 'block', 'rate'))
);
--> statement-breakpoint
CREATE TABLE "kill_switches" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"scope" text NOT NULL,
	"project_id" uuid,
	"value" text,
	"engaged_at" timestamp with time zone,
	"engaged_by" text,
	"reason" text DEFAULT '' NOT NULL,
	"until" timestamp with time zone,
	"released_at" timestamp with time zone,
	"released_by" text,
	"release_reason" text,
	CONSTRAINT "kill_switches_scope" CHECK ("kill_switches"."scope" in ('global', 'project', 'agent', 'feature', 'user', 'model'))
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "policy_one_row" CHECK ("policy"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "refusals" (
	"project_id" uuid NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"source_id" uuid NOT NULL,
	"code" text NOT NULL,
	"value" text DEFAULT '' NOT NULL,
	"agent" text DEFAULT '' NOT NULL,
	"feature" text DEFAULT '' NOT NULL,
	"model" text DEFAULT '' NOT NULL,
	"calls" bigint NOT NULL,
	"estimated_usd" numeric(38, 15),
	"last_at" timestamp with time zone NOT NULL,
	"message" text NOT NULL,
	CONSTRAINT "refusals_project_id_hour_source_id_code_value_agent_feature_model_pk" PRIMARY KEY("project_id","hour","source_id","code","value","agent","feature","model")
);
--> statement-breakpoint
CREATE TABLE "reservations" (
	"project_id" uuid NOT NULL,
	"id" text NOT NULL,
	"state" text NOT NULL,
	"decision" text NOT NULL,
	"type" text NOT NULL,
	"agent" text,
	"task" text,
	"task_type" text,
	"feature" text,
	"user_name" text,
	"session" text,
	"trace_id" text,
	"provider" text,
	"model" text,
	"reserved_usd" numeric(38, 15),
	"holds" jsonb NOT NULL,
	"reasons" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"api_key_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"event_bucket" bigint,
	"event_id" text,
	CONSTRAINT "reservations_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "reservations_state" CHECK ("reservations"."state" in ('held', 'settled', 'released', 'expired', 'presumed'))
);
--> statement-breakpoint
ALTER TABLE "spools" ADD COLUMN "counted_to" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "projects" ADD COLUMN "fail_mode" text;--> statement-breakpoint
CREATE INDEX "budgets_project" ON "budgets" USING btree ("project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "kill_switches_target" ON "kill_switches" USING btree ("scope",coalesce("project_id", '00000000-0000-0000-0000-000000000000'::uuid),coalesce("value", ''));--> statement-breakpoint
CREATE INDEX "refusals_source" ON "refusals" USING btree ("source_id","last_at");--> statement-breakpoint
CREATE INDEX "reservations_open" ON "reservations" USING btree ("expires_at") WHERE "reservations"."state" = 'held';--> statement-breakpoint
CREATE INDEX "reservations_ended" ON "reservations" USING btree ("ended_at") WHERE "reservations"."ended_at" is not null;--> statement-breakpoint
INSERT INTO "policy" ("id") VALUES (1);
