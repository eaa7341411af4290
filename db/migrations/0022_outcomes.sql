CREATE TABLE "outcomes" (
	"project_id" uuid NOT NULL,
	"id" text NOT NULL,
	"task" text NOT NULL,
	"task_type" text,
	"session" text,
	"feature" text,
	"status" text NOT NULL,
	"value_usd" numeric(38, 15),
	"timestamp" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "outcomes_project_id_id_pk" PRIMARY KEY("project_id","id"),
	CONSTRAINT "outcomes_status" CHECK ("outcomes"."status" in ('success', 'failure')),
	CONSTRAINT "outcomes_value" CHECK ("outcomes"."value_usd" >= 0)
);
--> statement-breakpoint
CREATE INDEX "outcomes_time" ON "outcomes" USING btree ("project_id","timestamp");--> statement-breakpoint
CREATE INDEX "outcomes_session" ON "outcomes" USING btree ("project_id","session","timestamp") WHERE "outcomes"."session" is not null;--> statement-breakpoint
CREATE INDEX "outcomes_task" ON "outcomes" USING btree ("project_id","task","timestamp") WHERE "outcomes"."session" is null;