import { arrange, type LayoutRequest } from "./layout";
import { arrangeWhole, type WholeRequest } from "./wholeLayout";

type Request = { id: number } & (LayoutRequest | { whole: WholeRequest });

self.onmessage = (event: MessageEvent<Request>) => {
  const { id, ...request } = event.data;
  self.postMessage("whole" in request ? { id, plan: arrangeWhole(request.whole) } : { id, positions: arrange(request) });
};
