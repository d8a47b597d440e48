import { createContext, useContext } from "react";
import type { Me } from "../client";

const Context = createContext<Me | null>(null);
export const MeProvider = Context;

/** Who is signed in. */
export function useMe(): Me {
  const me = useContext(Context);
  if (me === null) throw new Error("nobody is signed in here");
  return me;
}
