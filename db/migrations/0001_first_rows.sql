INSERT INTO "projects" ("slug", "name") VALUES ('default', 'Default');--> statement-breakpoint
INSERT INTO "settings" ("id") VALUES (1);--> statement-breakpoint
CREATE TYPE "text_range" AS RANGE (subtype = text);--> statement-breakpoint
-- The names of one price as one text; chr(31) cannot be typed into a name, so two keys never run together.
CREATE FUNCTION "price_override_key"(project_id uuid, provider text, model text, tier text, region text, context_over bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(project_id::text, '') || chr(31) || provider || chr(31) || lower(model) || chr(31) || coalesce(tier, '') || chr(31) || coalesce(region, '') || chr(31) || coalesce(context_over::text, '');--> statement-breakpoint
-- A range of one text stands for equality: GiST knows ranges without the btree_gist extension, which a managed server may not have.
ALTER TABLE "price_overrides" ADD CONSTRAINT "price_overrides_no_overlap" EXCLUDE USING gist (
  "text_range"("price_override_key"("project_id", "provider", "model", "tier", "region", "context_over"), "price_override_key"("project_id", "provider", "model", "tier", "region", "context_over"), '[]') WITH &&,
  tstzrange("effective_from", "effective_to") WITH &&
);
