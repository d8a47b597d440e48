import { useLayoutEffect, useRef, type RefObject } from "react";

const TIME_MS = 150;

/** For a list whose members get other places while somebody looks: they glide there instead of jumping. By a transform, which moves nothing else and which the style policy allows. */
export function useGliding<E extends HTMLElement>(): RefObject<E | null> {
  const list = useRef<E>(null);
  const places = useRef(new WeakMap<Element, number>());
  useLayoutEffect(() => {
    if (list.current === null) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = list.current.offsetTop;
    for (const member of list.current.children) {
      if (!(member instanceof HTMLElement)) continue;
      const place = member.offsetTop - top;
      const before = places.current.get(member);
      places.current.set(member, place);
      if (!still && before !== undefined && before !== place) member.animate([{ transform: `translateY(${before - place}px)` }, { transform: "none" }], { duration: TIME_MS, easing: "ease-out" });
    }
  });
  return list;
}
