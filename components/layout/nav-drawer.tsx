"use client";

import { Menu } from "lucide-react";
import { useState } from "react";
import { Brand } from "@/components/layout/brand";
import { FreshnessStamp } from "@/components/layout/freshness-stamp";
import { NavLinks } from "@/components/layout/nav-links";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTitle, DialogTrigger } from "@/components/ui/dialog";

/** The nav on a narrow screen. */
export function NavDrawer() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog open={isOpen} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Menu" className="lg:hidden">
          <Menu aria-hidden="true" />
        </Button>
      </DialogTrigger>
      <DialogContent
        side="left"
        aria-describedby={undefined}
        className="flex flex-col gap-5 bg-surface p-3"
      >
        <DialogTitle className="sr-only">Menu</DialogTitle>
        <Brand />
        <NavLinks onFollow={() => setOpen(false)} />
        <FreshnessStamp />
      </DialogContent>
    </Dialog>
  );
}
