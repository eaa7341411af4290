CREATE TABLE "alert_rules" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"project_id" uuid,
	"enabled" boolean NOT NULL,
	"floor_usd" numeric(38, 15) NOT NULL,
	"audience" text[] DEFAULT '{}' NOT NULL,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_snoozes" (
	"subject" text PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"by" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"subject" text NOT NULL,
	"project_id" uuid,
	"budget_id" uuid,
	"value" text,
	"period" text,
	"percent" numeric(8, 2),
	"limit_revision" integer,
	"action" text,
	"audience" text[] DEFAULT '{}' NOT NULL,
	"notify" text[] DEFAULT '{}' NOT NULL,
	"facts" jsonb NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"told_at" timestamp with time zone,
	"resolved_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" text,
	"acknowledged_note" text,
	CONSTRAINT "alerts_kind" CHECK ("alerts"."kind" in ('threshold', 'unreserved', 'spike', 'forecast', 'silence', 'unpriced'))
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"project_id" uuid,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"config" text NOT NULL,
	"audience" text NOT NULL,
	"match" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "channels_type" CHECK ("channels"."type" in ('webhook', 'slack', 'email', 'pagerduty')),
	CONSTRAINT "channels_audience" CHECK ("channels"."audience" in ('lead', 'finance', 'engineering'))
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"channel_id" uuid NOT NULL,
	"digest_key" text,
	"state" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"resends" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"claimed_until" timestamp with time zone,
	"last_error" text,
	"sent_at" timestamp with time zone,
	"receipt" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deliveries_state" CHECK ("deliveries"."state" in ('pending', 'sent', 'dead', 'cancelled', 'silenced'))
);
--> statement-breakpoint
CREATE TABLE "delivery_alerts" (
	"alert_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	CONSTRAINT "delivery_alerts_alert_id_channel_id_pk" PRIMARY KEY("alert_id","channel_id")
);
--> statement-breakpoint
CREATE TABLE "delivery_attempts" (
	"delivery_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"took_ms" integer NOT NULL,
	"error" text,
	"status" integer,
	CONSTRAINT "delivery_attempts_delivery_id_attempt_pk" PRIMARY KEY("delivery_id","attempt")
);
--> statement-breakpoint
ALTER TABLE "budget_counters" ADD COLUMN "lock_revision" integer;--> statement-breakpoint
ALTER TABLE "budget_counters" ADD COLUMN "locked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "budgets" ADD COLUMN "limit_revision" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_rules_place" ON "alert_rules" USING btree ("kind",coalesce("project_id", '00000000-0000-0000-0000-000000000000'::uuid));--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_key" ON "alerts" USING btree ("key");--> statement-breakpoint
CREATE INDEX "alerts_untold" ON "alerts" USING btree ("opened_at") WHERE "alerts"."told_at" is null;--> statement-breakpoint
CREATE INDEX "alerts_opened" ON "alerts" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "alerts_budget" ON "alerts" USING btree ("budget_id","opened_at");--> statement-breakpoint
CREATE INDEX "alerts_open_subject" ON "alerts" USING btree ("kind","subject") WHERE "alerts"."resolved_at" is null;--> statement-breakpoint
CREATE INDEX "deliveries_due" ON "deliveries" USING btree ("due_at") WHERE "deliveries"."state" = 'pending';--> statement-breakpoint
CREATE INDEX "deliveries_channel" ON "deliveries" USING btree ("channel_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_digest" ON "deliveries" USING btree ("channel_id","digest_key") WHERE "deliveries"."state" = 'pending' and "deliveries"."attempts" = 0;--> statement-breakpoint
CREATE INDEX "delivery_alerts_delivery" ON "delivery_alerts" USING btree ("delivery_id");