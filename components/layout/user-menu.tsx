"use client";

import { CircleUser, Keyboard, LogOut } from "lucide-react";
import { useTheme } from "next-themes";
import { THEMES } from "@/components/layout/themes";
import { useLetterKeysPreference } from "@/components/layout/use-letter-keys";
import { useWorkspace } from "@/components/layout/workspace";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { SIGN_IN_PATH } from "@/lib/paths";

/** Who is signed in, the theme, the letter keys, and the way out. */
export function UserMenu() {
  const { me } = useWorkspace();
  const { theme, setTheme } = useTheme();
  const [hasLetterKeys, setLetterKeys] = useLetterKeysPreference();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={`Account: ${me.user?.email ?? "key"}`}>
          <CircleUser aria-hidden="true" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-56">
        <div className="px-2 py-1.5">
          {me.user?.name && <p className="truncate font-medium text-sm">{me.user.name}</p>}
          <p className="truncate text-ink-muted text-xs">{me.user?.email}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme ?? "system"} onValueChange={setTheme}>
          {THEMES.map(({ value, label }) => (
            <DropdownMenuRadioItem key={value} value={value}>
              {label}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => setLetterKeys(!hasLetterKeys)}>
          <Keyboard aria-hidden="true" />
          Turn letter keys {hasLetterKeys ? "off" : "on"}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void leave()}>
          <LogOut aria-hidden="true" />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Loaded at the click: no page needs next-auth's client to be drawn. */
async function leave(): Promise<void> {
  const { signOut } = await import("next-auth/react");
  await signOut({ callbackUrl: SIGN_IN_PATH });
}
