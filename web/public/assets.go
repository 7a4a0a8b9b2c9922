package public

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"time"
)

//go:embed static/site.css
var css []byte

//go:embed static/favicon.svg
var favicon []byte

var (
	style     = template.CSS(css)
	stylePath = "/static/site." + digest(css) + ".css" // changes with the file, so it may be kept for ever
	assets    = map[string]asset{
		stylePath:      newAsset("text/css; charset=utf-8", css, 365*24*time.Hour),
		"/favicon.svg": newAsset("image/svg+xml", favicon, 24*time.Hour),
		"/favicon.ico": newAsset("image/svg+xml", favicon, 24*time.Hour),
	}
)

func newAsset(kind string, body []byte, age time.Duration) asset {
	return asset{kind: kind, body: body, page: newPage(http.StatusOK, kind, body), age: age}
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:5])
}

type preview struct {
	frame
	Number  string
	Article template.HTML
}

// trusted marks what our own templates rendered as markup.
func trusted(article []byte) template.HTML { return template.HTML(article) }
