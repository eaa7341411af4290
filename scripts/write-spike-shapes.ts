/** Writes what the spike rule does on the recorded shapes into its page: npx tsx scripts/write-spike-shapes.ts */
import fs from "node:fs";
import { judgeShapes, tableIn, writeShapesTable } from "@/lib/alerts/testing/tabulate-shapes";

const PAGE = "docs/alerts.md";
const { before, after } = tableIn(fs.readFileSync(PAGE, "utf8"));
fs.writeFileSync(PAGE, before + writeShapesTable(judgeShapes()) + after);
