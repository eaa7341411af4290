import { percent } from "@/components/traces/list-marks";
import { nameOf } from "@/components/traces/prepare-context";
import {
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
} from "@/components/ui/table";
import { formatCount, UNKNOWN } from "@/lib/format";
import type { TreeAgent } from "@/lib/traces/trace-schemas";

/** The same figures as a table: every agent that reported its input. */
export function ContextTable({ agents }: { agents: readonly TreeAgent[] }) {
  return (
    <Table label="Input tokens by agent" className="rounded-control border border-line">
      <TableHeader>
        <TableRow>
          <TableHead>Agent</TableHead>
          <TableHead className="text-right">Turns</TableHead>
          <TableHead className="text-right">First turn</TableHead>
          <TableHead className="text-right">Last turn</TableHead>
          <TableHead className="text-right">Longest</TableHead>
          <TableHead className="text-right">Of the window, at most</TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {agents.map((agent) => {
          const { context } = agent;
          if (context === null) return null;
          return (
            <TableRow key={agent.agent ?? ""}>
              <TableHead scope="row" className="font-normal">
                <span className="block max-w-64 truncate">{nameOf(agent)}</span>
              </TableHead>
              <TableCell className="figures">{formatCount(context.turns)}</TableCell>
              <TableCell className="figures">{formatCount(context.first_input_tokens)}</TableCell>
              <TableCell className="figures">{formatCount(context.last_input_tokens)}</TableCell>
              <TableCell className="figures">{formatCount(context.max_input_tokens)}</TableCell>
              <TableCell className="figures">
                {context.max_window_share === null ? UNKNOWN : percent(context.max_window_share)}
              </TableCell>
            </TableRow>
          );
        })}
      </TableBody>
    </Table>
  );
}
