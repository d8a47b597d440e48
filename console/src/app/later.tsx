import { lazy, type ComponentType, type LazyExoticComponent } from "react";
import { Button, Empty } from "../ui/ui";

/** A part of the console that is fetched when it is needed; where that fails, its place (of this class) says so. A browser remembers that a script could not be had: only a reload helps. */
export function later<P>(what: string, load: () => Promise<{ default: ComponentType<P> }>, place?: string): LazyExoticComponent<ComponentType<P>> {
  return lazy(() =>
    load().catch((failure: unknown) => {
      console.error(failure);
      return { default: () => <NotLoaded what={what} place={place} /> };
    }),
  );
}

function NotLoaded({ what, place }: { what: string; place: string | undefined }) {
  return (
    <div className={place}>
      <Empty icon="warn" title={`${what} could not be loaded`}>
        <p>The connection broke off on the way, or the service was updated meanwhile. Nothing of yours is lost; uploads go on after a reload.</p>
        <Button kind="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Empty>
    </div>
  );
}
