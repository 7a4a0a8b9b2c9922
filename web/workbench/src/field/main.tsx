import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startLook } from "@/app/look";
import "@/design/base.css";
import "@/design/forms.css";
import { Field } from "./Field";
import "./field.css";

startLook();

if ("serviceWorker" in navigator) {
  // Without it the page still works; it cannot be opened without a network then.
  void navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" }).catch(() => undefined);
}

const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Field />
    </StrictMode>,
  );
}
