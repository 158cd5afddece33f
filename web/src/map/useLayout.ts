import { useEffect, useRef, useState } from "react";
import type { LayoutRequest, Positions } from "./layout";

/** Lays a graph out in a worker, so that the page stays fluid; null until the first answer. */
export function useLayout(request: LayoutRequest): Positions | null {
  const [positions, setPositions] = useState<Positions | null>(null);
  const worker = useRef<Worker | null>(null);
  const turn = useRef(0);
  useEffect(() => {
    worker.current = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.current.onmessage = (event: MessageEvent<{ id: number; positions: Positions }>) => {
      if (event.data.id === turn.current) setPositions(event.data.positions);
    };
    return () => {
      worker.current?.terminate();
      worker.current = null;
    };
  }, []);
  const wire = JSON.stringify(request);
  useEffect(() => {
    turn.current += 1;
    worker.current?.postMessage({ id: turn.current, ...(JSON.parse(wire) as LayoutRequest) });
  }, [wire]);
  return positions;
}
