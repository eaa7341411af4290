DROP INDEX "deliveries_due";--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("channel_id","due_at","id") WHERE "deliveries"."state" = 'pending';