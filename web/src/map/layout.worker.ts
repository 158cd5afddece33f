import { arrange, type LayoutRequest } from "./layout";

self.onmessage = (event: MessageEvent<LayoutRequest & { id: number }>) => {
  const { id, ...request } = event.data;
  self.postMessage({ id, positions: arrange(request) });
};
