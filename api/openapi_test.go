package api_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"xuncha/api"
	"xuncha/tenants/tenantstest"
)

// TestOpenAPI keeps openapi.yaml, which clients read, equal to the code.
func TestOpenAPI(t *testing.T) {
	got, err := api.New(http.NewServeMux(), &api.Services{}).OpenAPI().YAML()
	if err != nil {
		t.Fatal(err)
	}
	tenantstest.Golden(t, "openapi.yaml", got)
}

// operations calls fn for every operation of the document.
func operations(fn func(method, path string, op *huma.Operation)) {
	doc := api.New(http.NewServeMux(), &api.Services{}).OpenAPI()
	for path, item := range doc.Paths {
		for method, op := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put,
			http.MethodPatch: item.Patch, http.MethodDelete: item.Delete,
		} {
			if op != nil {
				fn(method, path, op)
			}
		}
	}
}

// TestEveryOperationDeclares fails for an operation without permission, level or
// journal act, without a tag, or whose act does not match its method.
func TestEveryOperationDeclares(t *testing.T) {
	n := 0
	operations(func(method, path string, op *huma.Operation) {
		n++
		act, _ := op.Extensions["x-act"].(string)
		level, _ := op.Extensions["x-level"].(api.Level)
		if act == "" || !slices.Contains([]api.Level{api.P0, api.P1, api.P2}, level) || len(op.Tags) != 1 || op.Summary == "" {
			t.Errorf("%s %s: act %q, level %q, tags %v, summary %q", method, path, act, level, op.Tags, op.Summary)
		}
		if (method == http.MethodGet) != (act == "read") {
			t.Errorf("%s %s declares act %q", method, path, act)
		}
		for _, status := range []string{"401", "403", "404", "429", "500"} {
			if op.Responses[status] == nil {
				t.Errorf("%s %s does not declare %s", method, path, status)
			}
		}
	})
	if n == 0 {
		t.Error("the document has no operations")
	}
}

// TestEveryInputIsBounded fails for a string without a limit, a list without a
// limit, or a number without bounds in what clients may send.
func TestEveryInputIsBounded(t *testing.T) {
	doc := api.New(http.NewServeMux(), &api.Services{}).OpenAPI()
	var check func(at string, s *huma.Schema, depth int)
	check = func(at string, s *huma.Schema, depth int) {
		if s.Ref != "" {
			s = doc.Components.Schemas.SchemaFromRef(s.Ref)
		}
		if s == nil || depth > 8 {
			return
		}
		switch s.Type {
		case huma.TypeString:
			if s.MaxLength == nil && s.Pattern == "" && len(s.Enum) == 0 && s.Format == "" {
				t.Errorf("%s: a string without a limit", at)
			}
		case huma.TypeArray:
			if s.MaxItems == nil {
				t.Errorf("%s: a list without a limit", at)
			}
			check(at+"[]", s.Items, depth+1)
		case huma.TypeInteger, huma.TypeNumber:
			if s.Minimum == nil || s.Maximum == nil {
				t.Errorf("%s: a number without bounds", at)
			}
		}
		for name, p := range s.Properties {
			check(at+"."+name, p, depth+1)
		}
	}
	operations(func(method, path string, op *huma.Operation) {
		for _, p := range op.Parameters {
			if p.In != "path" || p.Schema.Type != huma.TypeString { // identifiers are checked as such
				check(method+" "+path+" "+p.Name, p.Schema, 0)
			}
		}
		if op.RequestBody != nil {
			if m := op.RequestBody.Content["application/json"]; m != nil {
				check(method+" "+path, m.Schema, 0)
			}
		}
	})
}
