import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";
import { Frame } from "./frame/Frame";
import { NotFoundPage } from "./frame/NotFoundPage";
import { Root } from "./frame/Root";
import { HomePage } from "./pages/HomePage";

/** Filters and the view live in the address as plain text; numbers and dates are read where they are used. */
export type Search = Record<string, string | undefined>;

function readSearch(raw: Record<string, unknown>): Search {
  const search: Search = {};
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined || value === null) continue;
    search[key] = String(value);
  }
  return search;
}

const root = createRootRouteWithContext<object>()({
  component: Root,
  notFoundComponent: NotFoundPage,
  validateSearch: readSearch,
  search: { middlewares: [retainSearchParams<Search>(["on", "seq", "draft", "lang"])] },
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: lazyRouteComponent(() => import("./pages/LoginPage"), "LoginPage"),
});
const firstAdministrator = createRoute({
  getParentRoute: () => root,
  path: "/first-administrator",
  component: lazyRouteComponent(() => import("./pages/FirstAdministratorPage"), "FirstAdministratorPage"),
});
const password = createRoute({
  getParentRoute: () => root,
  path: "/password",
  component: lazyRouteComponent(() => import("./pages/PasswordPage"), "PasswordPage"),
});

const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });

const home = createRoute({ getParentRoute: () => frame, path: "/", component: HomePage });
const overview = createRoute({
  getParentRoute: () => frame,
  path: "/overview",
  component: lazyRouteComponent(() => import("./pages/OverviewPage"), "OverviewPage"),
});
const welcome = createRoute({
  getParentRoute: () => frame,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./pages/WelcomePage"), "WelcomePage"),
});
const myWork = createRoute({
  getParentRoute: () => frame,
  path: "/my-work",
  component: lazyRouteComponent(() => import("./pages/MyWorkPage"), "MyWorkPage"),
});
const agreed = createRoute({
  getParentRoute: () => frame,
  path: "/agreed",
  component: lazyRouteComponent(() => import("./pages/AgreedPage"), "AgreedPage"),
});
const service = createRoute({
  getParentRoute: () => frame,
  path: "/services/$name",
  component: lazyRouteComponent(() => import("./pages/service/ServicePage"), "ServicePage"),
});
const serviceAvailability = createRoute({
  getParentRoute: () => frame,
  path: "/services/$name/availability",
  component: lazyRouteComponent(() => import("./pages/availability/AvailabilityPage"), "AvailabilityPage"),
});
const availabilityDown = createRoute({
  getParentRoute: () => frame,
  path: "/availability/down",
  component: lazyRouteComponent(() => import("./pages/availability/DownPage"), "DownPage"),
});
const attain = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/attain",
  component: lazyRouteComponent(() => import("./pages/servicelevel/AttainPage"), "AttainPage"),
});
const objectives = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/objectives",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ObjectivesPage"), "ObjectivesPage"),
});
const alerts = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/alerts",
  component: lazyRouteComponent(() => import("./pages/servicelevel/AlertsPage"), "AlertsPage"),
});
const objective = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/objective",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ObjectivePage"), "ObjectivePage"),
});
const walkthrough = createRoute({
  getParentRoute: () => frame,
  path: "/walkthrough",
  component: lazyRouteComponent(() => import("./pages/walkthrough/WalkthroughPage"), "WalkthroughPage"),
});
const probes = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/probes",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ProbesPage"), "ProbesPage"),
});
const objectiveFiles = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/rules",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ObjectiveFilesPage"), "ObjectiveFilesPage"),
});
const comparison = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/comparison",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ComparisonPage"), "ComparisonPage"),
});
const reviews = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/reviews",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ReviewsPage"), "ReviewsPage"),
});
const review = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/review",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ReviewPage"), "ReviewPage"),
});
const levelSheet = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/sheet",
  component: lazyRouteComponent(() => import("./pages/servicelevel/SheetPage"), "SheetPage"),
});
const levelReports = createRoute({
  getParentRoute: () => frame,
  path: "/service-levels/reports",
  component: lazyRouteComponent(() => import("./pages/servicelevel/ReportsPage"), "ReportsPage"),
});
const process = createRoute({
  getParentRoute: () => frame,
  path: "/processes/$process",
  component: lazyRouteComponent(() => import("./pages/ProcessPage"), "ProcessPage"),
});
const map = createRoute({
  getParentRoute: () => frame,
  path: "/map",
  component: lazyRouteComponent(() => import("./map/MapPage"), "MapPage"),
});
const model = createRoute({
  getParentRoute: () => frame,
  path: "/model",
  component: lazyRouteComponent(() => import("./pages/model/ModelPage"), "ModelPage"),
});
const modelList = createRoute({
  getParentRoute: () => frame,
  path: "/model/$kind",
  component: lazyRouteComponent(() => import("./pages/model/ListPage"), "ListPage"),
});
const modelNew = createRoute({
  getParentRoute: () => frame,
  path: "/new/$kind",
  component: lazyRouteComponent(() => import("./editor/EditorPage"), "NewObjectPage"),
});
const modelObject = createRoute({
  getParentRoute: () => frame,
  path: "/model/$kind/$name",
  component: lazyRouteComponent(() => import("./pages/model/ObjectPage"), "ObjectPage"),
});
const modelEdit = createRoute({
  getParentRoute: () => frame,
  path: "/model/$kind/$name/edit",
  component: lazyRouteComponent(() => import("./editor/EditorPage"), "EditObjectPage"),
});
const drafts = createRoute({
  getParentRoute: () => frame,
  path: "/drafts",
  component: lazyRouteComponent(() => import("./pages/drafts/DraftsPage"), "DraftsPage"),
});
const draft = createRoute({
  getParentRoute: () => frame,
  path: "/drafts/$id",
  component: lazyRouteComponent(() => import("./pages/drafts/DraftPage"), "DraftPage"),
});
const history = createRoute({
  getParentRoute: () => frame,
  path: "/history",
  component: lazyRouteComponent(() => import("./pages/history/HistoryPage"), "HistoryPage"),
});
const compare = createRoute({
  getParentRoute: () => frame,
  path: "/compare",
  component: lazyRouteComponent(() => import("./pages/history/ComparePage"), "ComparePage"),
});
const findings = createRoute({
  getParentRoute: () => frame,
  path: "/findings",
  component: lazyRouteComponent(() => import("./pages/FindingsPage"), "FindingsPage"),
});
const collect = createRoute({
  getParentRoute: () => frame,
  path: "/collect-first",
  component: lazyRouteComponent(() => import("./pages/CollectPage"), "CollectPage"),
});
const rules = createRoute({
  getParentRoute: () => frame,
  path: "/rules",
  component: lazyRouteComponent(() => import("./pages/RulesPage"), "RulesPage"),
});
const rule = createRoute({
  getParentRoute: () => frame,
  path: "/rules/$id",
  component: lazyRouteComponent(() => import("./pages/RulesPage"), "RulePage"),
});
const importing = createRoute({
  getParentRoute: () => frame,
  path: "/import",
  component: lazyRouteComponent(() => import("./pages/ImportPage"), "ImportPage"),
});
const administration = createRoute({
  getParentRoute: () => frame,
  path: "/administration",
  component: lazyRouteComponent(() => import("./pages/AdministrationPage"), "AdministrationPage"),
});

const routeTree = root.addChildren([
  login,
  firstAdministrator,
  password,
  frame.addChildren([
    home,
    overview,
    welcome,
    myWork,
    agreed,
    service,
    serviceAvailability,
    availabilityDown,
    attain,
    objectives,
    alerts,
    objective,
    reviews,
    review,
    levelSheet,
    levelReports,
    probes,
    objectiveFiles,
    comparison,
    walkthrough,
    process,
    map,
    model,
    modelList,
    modelNew,
    modelObject,
    modelEdit,
    drafts,
    draft,
    history,
    compare,
    findings,
    collect,
    rules,
    rule,
    importing,
    administration,
  ]),
]);

export function newRouter() {
  return createRouter({
    routeTree,
    context: {},
    defaultPreload: "intent",
    scrollRestoration: true,
    parseSearch: (text) => {
      const parameters = new URLSearchParams(text);
      const search = Object.fromEntries(parameters);
      // What is down may be written of=a,b or of=a&of=b.
      const of = parameters.getAll("of");
      return of.length > 1 ? { ...search, of: of.join(",") } : search;
    },
    stringifySearch: (search) => {
      const parameters = new URLSearchParams();
      for (const [key, value] of Object.entries(search as Search)) {
        if (value !== undefined && value !== "") parameters.set(key, String(value));
      }
      const text = parameters.toString();
      return text ? `?${text}` : "";
    },
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof newRouter>;
  }
}
