package api

import (
	"context"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Credentials are what a request shows: a session of the workbench or a token of
// a machine, and for which office it wants to act, under which grant.
type Credentials struct {
	Session  string
	Token    string
	Office   string // slug
	Identity string // grant; empty where the person has only one
}

// Services is everything that the operations call, filled in cmd.
type Services struct {
	DB    *tenants.DB
	Log   *slog.Logger
	Clock inspection.Clock

	// Verify turns credentials into a scope, from the database, on every
	// request: an ended role ends with the next one.
	Verify func(ctx context.Context, c Credentials) (tenants.Scope, error)
	// Me tells a session who it is and as whom it may act.
	Me func(ctx context.Context, session string) (Me, error)
	// Ends tells when a session ends if nobody does anything, and at the latest.
	Ends func(ctx context.Context, session string) (rests, ends time.Time, err error)

	// CursorKey seals the cursors of lists. A restart may change it: a reader
	// then begins again at the first page.
	CursorKey []byte

	Cookie string   // name of the session cookie
	Hosts  []string // names under which the service is reached; empty allows any
	Rate   int      // requests a second that one session or key may send; 0 for no limit
	Demo   bool     // pages carry the line that says so

	Rooms

	patience time.Duration // how long a JSON body may take to arrive; 20 s unless a test says so
}

// New registers all operations on mux and returns the API, whose document is
// openapi.yaml.
func New(mux *http.ServeMux, s *Services) huma.API {
	cfg := huma.DefaultConfig("xuncha", "1")
	cfg.Info.Description = "Cascaded inspection: findings, rectification, linkage and disclosure of one office, acting in one role."
	cfg.Servers = []*huma.Server{{URL: "/"}}
	cfg.DocsPath, cfg.SchemasPath = "", "" // no page that loads from elsewhere
	cfg.OpenAPIPath = "/v1/openapi"
	cfg.CreateHooks = nil // no $schema links: they echo the Host header
	cfg.RejectUnknownQueryParameters = true
	cfg.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-xuncha"},
		"token":   {Type: "http", Scheme: "bearer"},
	}
	api := humago.New(mux, cfg)
	words(api)
	s.me(api)
	s.Rooms.register(s, api)
	return api
}

// Handler serves the operations under /v1/.
func Handler(s *Services) http.Handler {
	mux := http.NewServeMux()
	api := New(mux, s)
	return s.front(mux, api.OpenAPI())
}

// schemaName names a type in the document by its room and name: two rooms may
// both have a Page or a State.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	room := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
	if room == "" || room == "api" || room == "inspection" || strings.HasPrefix(strings.ToLower(name), room) {
		return name
	}
	return string(unicode.ToUpper(rune(room[0]))) + room[1:] + name
}
