import { Claimcheck } from "../client";

const KEY = "claimcheck.key";

/**
 * The key that this browser is signed in with: for this tab (the default, gone when it is closed), or for this device where the user asked for it. It is never part of an address; the Authorization
 * header alone carries it.
 */
export const session = {
  key: (): string | null => sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY),
  signIn(key: string, stay: boolean): void {
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
    (stay ? localStorage : sessionStorage).setItem(KEY, key);
  },
  signOut(): void {
    sessionStorage.removeItem(KEY);
    localStorage.removeItem(KEY);
  },
};

export const client = new Claimcheck({ key: session.key });
