import { useEffect, useState } from "react";

/** True once something has been true for a while: what is quick shows no sign of waiting at all. */
export function useDelayed(on: boolean, milliseconds = 300): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!on) {
      setPassed(false);
      return;
    }
    const timer = setTimeout(() => setPassed(true), milliseconds);
    return () => clearTimeout(timer);
  }, [on, milliseconds]);
  return on && passed;
}
