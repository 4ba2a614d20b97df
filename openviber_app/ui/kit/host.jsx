import { useEffect } from "react";
import { useNavigate } from "react-router";
import { openDialog, setNavigate } from "./dialogs.js";

/** Once on a page: lets scripts open dialogs, and buttons that carry `data-opens`. */
export function Host() {
  const navigate = useNavigate();
  useEffect(() => {
    setNavigate(navigate);
  }, [navigate]);
  useEffect(() => {
    const clicked = (event) => {
      const asked = event.target instanceof Element && event.target.closest("[data-opens]");
      if (!asked || asked.getAttribute("aria-disabled") === "true") return;
      const { opens, with: given } = asked.dataset;
      openDialog(opens, Object.fromEntries(new URLSearchParams(given ?? "")));
    };
    document.addEventListener("click", clicked);
    document.documentElement.dataset.ready = ""; // the page answers from now on
    return () => document.removeEventListener("click", clicked);
  }, []);
  return null;
}
