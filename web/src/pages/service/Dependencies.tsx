import { lazy, Suspense } from "react";
import { Loading } from "../../parts/Page";

const Neighbourhood = lazy(() =>
  import("../../map/Neighbourhood").then((module) => ({ default: module.Neighbourhood })),
);

/** The neighbourhood of a service, loaded only when its section is drawn. */
export function Dependencies({ focus }: { focus: string }) {
  return (
    <Suspense fallback={<Loading lines={8} />}>
      <Neighbourhood focus={focus} height={440} />
    </Suspense>
  );
}
