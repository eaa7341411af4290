import { LazyDemoOffer } from "@/components/demo/lazy-demo-offer";
import { LazyFirstEvent } from "@/components/keys/lazy-first-event";

/** What every screen of figures shows before the first event. */
export function FirstRun() {
  return (
    <LazyFirstEvent>
      <LazyDemoOffer>
        Only looking? Load a small company&rsquo;s month into a project of its own, marked as demo.
        Settings removes it again.
      </LazyDemoOffer>
    </LazyFirstEvent>
  );
}
