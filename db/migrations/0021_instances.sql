CREATE TABLE "instances" (
	"project_id" uuid NOT NULL,
	"instance_id" text NOT NULL,
	"agent" text NOT NULL,
	"policy_version" bigint NOT NULL,
	"state" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"state_since" timestamp with time zone NOT NULL,
	"obeys_since" timestamp with time zone NOT NULL,
	CONSTRAINT "instances_project_id_instance_id_agent_pk" PRIMARY KEY("project_id","instance_id","agent"),
	CONSTRAINT "instances_state" CHECK ("instances"."state" in ('running', 'halted'))
);
--> statement-breakpoint
ALTER TABLE "kill_switches" ADD COLUMN "engaged_version" bigint;--> statement-breakpoint
CREATE INDEX "instances_seen" ON "instances" USING btree ("project_id","seen_at");--> statement-breakpoint
UPDATE "kill_switches" SET "engaged_version" = 0 WHERE "engaged_at" IS NOT NULL;
