import { useEffect, type ElementType, type ReactNode, type Ref } from "react";

let open = 0;

interface Props {
  as?: ElementType;
  children?: ReactNode;
  ref?: Ref<unknown>;
  [other: string]: unknown;
}

/**
 * Takes the place of the package `react-remove-scroll` (see vite.config.ts), by which Radix holds the page still under a dialog: the package writes a style element, which this console's
 * Content-Security-Policy forbids. An attribute and the style sheet do the same.
 */
export function RemoveScroll({ as: Element = "div", children, enabled = true, allowPinchZoom: _a, shards: _s, removeScrollBar: _r, noIsolation: _n, inert: _i, forwardProps: _f, ...rest }: Props) {
  useEffect(() => {
    if (enabled === false) return undefined;
    open++;
    document.documentElement.toggleAttribute("data-still", true);
    return () => {
      open--;
      document.documentElement.toggleAttribute("data-still", open > 0);
    };
  }, [enabled]);
  return <Element {...rest}>{children}</Element>;
}

export default RemoveScroll;
