CREATE TABLE "budget_checks" (
	"budget_id" uuid PRIMARY KEY NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"counters" integer DEFAULT 0 NOT NULL,
	"difference_usd" numeric(38, 15) DEFAULT '0' NOT NULL,
	"repaired_at" timestamp with time zone,
	CONSTRAINT "budget_checks_state" CHECK ("budget_checks"."state" in ('equal', 'repaired'))
);
