import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ConfigProvider } from "antd";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { asProblem, wait } from "@/api/problem";
import { startLook, usePreferences } from "@/app/look";
import { makeRouter } from "@/app/router";
import { antdTheme } from "@/design/theme";
import "@/design/base.css";
import "@/design/forms.css";

// The service puts a fresh nonce into every index.html. The styles that antd and the charts write at run time must carry
// it (embed.go); several of them offer no way to say so, so every <style> gets it where it is made.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const createElement = document.createElement.bind(document);
document.createElement = (name: string, options?: ElementCreationOptions) => {
  const element = createElement(name, options);
  if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce;
  return element;
};

startLook();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && asProblem(error).passing,
      retryDelay: (failures, error) => wait(failures, asProblem(error)),
    },
  },
});
const router = makeRouter(queries);

function App(): ReactNode {
  const look = usePreferences();
  return (
    <ConfigProvider
      locale={zhCN}
      theme={antdTheme(look, look.systemDark, look.calm)}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
      modal={{ mask: { closable: false } }} // a click beside a dialog loses nothing typed in it
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigProvider>
  );
}

const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
