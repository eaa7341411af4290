"use client";

import { Command as Palette } from "cmdk";
import { Keys } from "@/components/layout/keys";
import { useCommands } from "@/components/layout/use-commands";
import { Dialog, DialogContent, DialogTitle } from "@/components/ui/dialog";

interface CommandPaletteProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onShowShortcuts: () => void;
}

/** Everything that can be done from here, found by typing. */
export function CommandPalette({ isOpen, onOpenChange, onShowShortcuts }: CommandPaletteProps) {
  const groups = useCommands(onShowShortcuts);
  const choose = (run: () => void) => {
    onOpenChange(false);
    run();
  };
  return (
    <Dialog open={isOpen} onOpenChange={onOpenChange}>
      <DialogContent
        aria-describedby={undefined}
        className="top-[12vh] translate-y-0 overflow-hidden p-0"
      >
        <DialogTitle className="sr-only">Command palette</DialogTitle>
        <Palette label="Commands" loop>
          <Palette.Input
            placeholder="Type what to do or where to go"
            className="h-12 w-full border-line border-b bg-transparent pr-12 pl-4 text-sm outline-none placeholder:text-ink-muted"
          />
          <Palette.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-1.5">
            <Palette.Empty className="px-3 py-6 text-center text-ink-muted text-sm">
              Nothing here is called that.
            </Palette.Empty>
            {groups.map(({ heading, commands }) => (
              <Palette.Group
                key={heading}
                heading={heading}
                className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-muted [&_[cmdk-group-heading]]:text-xs"
              >
                {commands.map(({ id, label, keywords = [], keys, run }) => (
                  <Palette.Item
                    key={id}
                    value={id}
                    keywords={[label, ...keywords]}
                    onSelect={() => choose(run)}
                    className="flex min-h-9 cursor-default items-center gap-2 rounded-sm px-2.5 text-sm data-[selected=true]:bg-surface-strong"
                  >
                    <span className="truncate">{label}</span>
                    {keys && <Keys keys={keys} />}
                  </Palette.Item>
                ))}
              </Palette.Group>
            ))}
          </Palette.List>
        </Palette>
      </DialogContent>
    </Dialog>
  );
}
