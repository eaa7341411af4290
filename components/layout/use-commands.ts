"use client";

import { usePathname, useRouter } from "next/navigation";
import { useTheme } from "next-themes";
import { useOfferedCommands } from "@/components/layout/offered-commands";
import { ALL_PROJECTS } from "@/components/layout/project-param";
import { currentSearch, sharedParams } from "@/components/layout/shared-params";
import { THEMES } from "@/components/layout/themes";
import { useLetterKeysPreference } from "@/components/layout/use-letter-keys";
import { useMay } from "@/components/layout/use-may";
import { useWorkspace } from "@/components/layout/workspace";
import {
  BUDGETS_PATH,
  CAP_DIALOG,
  CONTROLS_PATH,
  isOfRange,
  NEW_DIALOG,
  SCREENS,
  SETTINGS_SECTIONS,
  withQuery,
} from "@/lib/paths";
import { RANGE_PRESETS } from "@/lib/time-range";

/** One thing that can be done from anywhere. */
export interface Command {
  id: string;
  label: string;
  /** Other words it is found by. */
  keywords?: string[];
  /** The keys that do the same, in order. */
  keys?: readonly string[];
  run: () => void;
}

/** Commands of one kind. */
export interface CommandGroup {
  heading: string;
  commands: Command[];
}

/** Everything the palette offers on the screen one is on. */
export function useCommands(showShortcuts: () => void): CommandGroup[] {
  const groups: CommandGroup[] = [{ heading: "Go to", commands: useScreens() }];
  const ranges = useRanges();
  if (ranges.length > 0) groups.push({ heading: "Range", commands: ranges });
  groups.push(...useOfferedCommands());
  const making = useMaking();
  if (making.length > 0) groups.push({ heading: "Make", commands: making });
  groups.push({ heading: "Project", commands: useProjects() });
  groups.push({ heading: "Preferences", commands: usePreferences(showShortcuts) });
  return groups;
}

function useScreens(): Command[] {
  const router = useRouter();
  const go = (path: string) => () => router.push(withQuery(path, sharedParams(currentSearch())));
  const screens = SCREENS.map(({ id, label, noun, path, letter }) => ({
    id: `go ${id}`,
    label,
    keywords: ["go", noun],
    keys: ["g", letter],
    run: go(path),
  }));
  const sections = SETTINGS_SECTIONS.map(({ id, label, path }) => ({
    id: `go settings ${id}`,
    label: `Settings: ${label.toLowerCase()}`,
    keywords: ["go", id],
    run: go(path),
  }));
  return [...screens, ...sections];
}

/** Dialogs that have an address, and the way to stop something, for whom may use them. */
function useMaking(): Command[] {
  const router = useRouter();
  const may = useMay();
  const { projects } = useWorkspace();
  const open = (section: "keys" | "members") => () => {
    const search = sharedParams(currentSearch());
    search.set("dialog", NEW_DIALOG);
    const path = SETTINGS_SECTIONS.find(({ id }) => id === section)?.path ?? "";
    router.push(withQuery(path, search));
  };
  const key = { id: "make key", label: "Make a key", keywords: ["new"], run: open("keys") };
  const member = {
    id: "make member",
    label: "Add a member",
    keywords: ["new", "invite", "person"],
    run: open("members"),
  };
  const go = (path: string, dialog?: string) => () => {
    const search = sharedParams(currentSearch());
    if (dialog) search.set("dialog", dialog);
    router.push(withQuery(path, search));
  };
  const budget = {
    id: "make budget",
    label: "New budget",
    keywords: ["new", "cap", "limit", "make"],
    run: go(BUDGETS_PATH, CAP_DIALOG),
  };
  const stop = {
    id: "stop agent",
    label: "Stop an agent",
    keywords: ["kill", "switch", "halt", "controls", "emergency"],
    run: go(CONTROLS_PATH),
  };
  return [
    ...(projects.some(({ slug }) => may("budgets.write", slug)) ? [budget] : []),
    ...(projects.some(({ slug }) => may("switches.engage", slug)) ? [stop] : []),
    ...(projects.some(({ slug }) => may("keys.write", slug)) ? [key] : []),
    ...(may("users.write", null) ? [member] : []),
  ];
}

/** Ranges stand in the URL, so choosing one is a step that Back undoes. */
function useRanges(): Command[] {
  const router = useRouter();
  const pathname = usePathname();
  if (!isOfRange(pathname)) return [];
  return RANGE_PRESETS.map(({ id, label, letter }) => ({
    id: `range ${id}`,
    label,
    keywords: ["range", "dates", id],
    keys: [letter],
    run: () => {
      const next = currentSearch();
      next.delete("from");
      next.delete("to");
      next.set("range", id);
      router.push(withQuery(pathname, next));
    },
  }));
}

function useProjects(): Command[] {
  const { projects, project, setProject } = useWorkspace();
  const all = [{ slug: ALL_PROJECTS, name: "All projects" }, ...projects];
  return all
    .filter(({ slug }) => slug !== project)
    .map(({ slug, name }) => ({
      id: `project ${slug}`,
      label: name,
      keywords: ["project", "switch", slug],
      run: () => setProject(slug),
    }));
}

function usePreferences(showShortcuts: () => void): Command[] {
  const { theme, setTheme } = useTheme();
  const [hasLetterKeys, setLetterKeys] = useLetterKeysPreference();
  const themes = THEMES.filter(({ value }) => value !== (theme ?? "system")).map(
    ({ value, label }) => ({
      id: `theme ${value}`,
      label: `Theme: ${label.toLowerCase()}`,
      keywords: ["dark", "light", "colours"],
      run: () => setTheme(value),
    }),
  );
  return [
    {
      id: "shortcuts",
      label: "Keyboard shortcuts",
      keywords: ["help"],
      keys: ["?"],
      run: showShortcuts,
    },
    ...themes,
    {
      id: "letter keys",
      label: `Turn letter keys ${hasLetterKeys ? "off" : "on"}`,
      keywords: ["keyboard", "shortcuts"],
      run: () => setLetterKeys(!hasLetterKeys),
    },
  ];
}
