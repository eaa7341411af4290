import type { WholeCall } from "@/components/calls/call-answer";
import { costReasonText, costStatusWords } from "@/components/calls/cost-status";
import { FactList } from "@/components/calls/fact-list";
import { PriceLines } from "@/components/calls/price-lines";
import { Badge } from "@/components/ui/badge";
import { Card, CardHeader, CardTitle } from "@/components/ui/card";
import { formatExactUsd } from "@/lib/format";

/** How the cost came about: its status in words, its lines, and the price they were taken from. */
export function CallPriceCard({ call }: { call: WholeCall }) {
  const { label, variant, meaning } = costStatusWords(call.cost_status);
  const { price } = call;
  return (
    <Card aria-label="Price" className="overflow-hidden">
      <CardHeader>
        <CardTitle>Price</CardTitle>
        <Badge variant={variant}>{label}</Badge>
      </CardHeader>
      <p className="px-4 pt-1 pb-3 text-[13px] text-ink-muted">
        {meaning} {call.cost_reason && costReasonText(call.cost_reason)}
      </p>
      {price && price.lines.length > 0 && (
        <div className="border-line border-t">
          <PriceLines call={call} price={price} />
        </div>
      )}
      <div className="border-line border-t p-4">
        <FactList facts={listPriceFacts(call)} />
      </div>
    </Card>
  );
}

function listPriceFacts(call: WholeCall) {
  const { price } = call;
  const facts = [
    { name: "Model called", value: call.model },
    { name: "Requested", value: call.requested_model },
    { name: "Matched price", value: price ? price.matched : "none" },
  ];
  if (price) {
    facts.push(
      { name: "Source", value: price.source },
      { name: "Price version", value: price.version },
    );
  }
  if (call.list_cost_usd != null && call.list_cost_usd !== call.cost_usd) {
    facts.push({ name: "At list price", value: formatExactUsd(call.list_cost_usd) });
  }
  if (call.reported_cost_usd != null) {
    facts.push({ name: "Reported cost", value: formatExactUsd(call.reported_cost_usd) });
  }
  return facts;
}
