/** A process of its own that asks the PostgreSQL it is given, three times whatever comes back, and ends well. */
import postgres from "postgres";
import { surviveLostConnection } from "@/db/survive-lost-connection";
import { createLog } from "@/lib/log";

surviveLostConnection(createLog("silent"));
const client = postgres(process.argv[2] ?? "", { max: 1 });
let failures = 0;
for (let asked = 0; asked < 3; asked++) {
  await client`select 1`.catch(() => {
    failures += 1;
  });
}
await client.end({ timeout: 1 });
process.exit(failures === 3 ? 0 : 2);
