// Runs before the first paint so that a reader of the dark theme sees no white flash.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem("diapason-theme");
  } catch (refused) {
    // Storage may be refused: the system's preference then decides.
  }
  var dark =
    chosen === "dark" || (chosen !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
