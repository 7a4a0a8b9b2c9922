// Package workbench serves the offices' application: the files that the front
// end's build left in dist, from inside the binary.
//
// Names under /assets carry a digest of their content and are kept by browsers
// for a year; index.html is asked for anew every time, so a release is seen at
// the next click. Every screen's address (/w/...) is answered with index.html,
// and the application finds the screen. /docs is a page of its own, docs.html: the
// API's interactive documentation; and so is /field, field.html: what inspectors fill
// in on site, which works without a network.
//
// The content security policy lets nothing in from elsewhere and runs no inline
// script. Styles are the exception that antd needs: it writes <style> elements at
// run time. They carry a nonce made for each answer; a stolen page cannot guess
// the next one. Style attributes (which the chart library writes) cannot carry a
// nonce and are allowed as such; they can load nothing, because images and fonts
// have their own lines.
package workbench

import (
	"bytes"
	"crypto/rand"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

// dist holds only .keep until the front end is built: the Go side builds and
// tests without Node.
//
//go:embed all:dist
var dist embed.FS

// Handler serves the front end that was built into this binary.
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the directory is named in the directive above
	}
	return FromFS(files)
}

// FromFS serves a built front end from files.
func FromFS(files fs.FS) http.Handler {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return http.HandlerFunc(notBuilt)
	}
	docs, err := fs.ReadFile(files, "docs.html")
	if err != nil {
		return http.HandlerFunc(notBuilt)
	}
	field, err := fs.ReadFile(files, "field.html")
	if err != nil {
		return http.HandlerFunc(notBuilt)
	}
	return site{files, index, docs, field}
}

// nonceMark is what the build leaves where each answer's nonce goes.
const nonceMark = "__CSP_NONCE__"

type site struct {
	files fs.FS
	index []byte
	docs  []byte
	field []byte
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		page(w, http.StatusMethodNotAllowed, "此地址不支持这种操作。")
		return
	}
	switch name := strings.TrimPrefix(path.Clean(r.URL.Path), "/"); {
	case isScreen(name):
		screen(w, s.index)
	case name == "docs":
		screen(w, s.docs)
	case isField(name) && !s.has(name):
		screen(w, s.field)
	case path.Ext(name) != ".html" && path.Ext(name) != ".gz" && s.has(name):
		s.file(w, r, name)
	default:
		page(w, http.StatusNotFound, "没有这个页面。请从首页进入。")
	}
}

// isScreen reports whether name is an address of the application itself.
func isScreen(name string) bool {
	return name == "" || name == "sign-in" || name == "w" || strings.HasPrefix(name, "w/")
}

// isField reports whether name is the field page of an office. Its service worker,
// /field/worker.js, is a file of the build and may look after nothing else.
func isField(name string) bool { return name == "field" || strings.HasPrefix(name, "field/") }

func (s site) has(name string) bool {
	info, err := fs.Stat(s.files, name)
	return err == nil && info.Mode().IsRegular() && !strings.HasPrefix(path.Base(name), ".")
}

// screen answers with a page and a nonce of its own.
func screen(w http.ResponseWriter, html []byte) {
	nonce := rand.Text()
	h := w.Header()
	secure(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Security-Policy", policy(nonce))
	_, _ = w.Write(bytes.ReplaceAll(html, []byte(nonceMark), []byte(nonce))) // the client went away: nobody to tell
}

func policy(nonce string) string {
	return strings.Join([]string{
		"default-src 'self'",
		"style-src 'self' 'nonce-" + nonce + "'",
		"style-src-attr 'unsafe-inline'",
		"img-src 'self' data: blob:",
		"frame-src 'self' blob:",
		"object-src 'none'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// file answers with a file of the build, compressed beforehand where the client
// takes it.
func (s site) file(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	secure(h)
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", "public, max-age=3600")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && s.has(name+".gz") {
		name += ".gz"
		h.Set("Content-Encoding", "gzip")
	}
	body, err := fs.ReadFile(s.files, name)
	if err != nil {
		page(w, http.StatusNotFound, "没有这个文件。")
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// contentType does not ask the machine's own table, which differs from one to
// the next and, on some, calls JavaScript plain text.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
}

func notBuilt(w http.ResponseWriter, _ *http.Request) {
	page(w, http.StatusServiceUnavailable,
		"工作台的前端尚未构建。请在代码目录运行 make build（或 npm ci 和 npm run build，在 web/workbench 下），再重新构建并启动服务。接口 /v1 不受影响。")
}

// page answers with one plain sentence.
func page(w http.ResponseWriter, status int, sentence string) {
	h := w.Header()
	secure(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>巡察工作台</title><p>" +
		sentence + "</p><p><a href=\"/\">回到首页</a></p></html>\n"))
}
