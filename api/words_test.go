package api_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// TestEveryPathParameterIsRead fails for an operation whose path names a parameter
// that its input lacks: huma does not look into embedded structs that are not
// exported, and every identifier would be the empty one.
func TestEveryPathParameterIsRead(t *testing.T) {
	named := regexp.MustCompile(`\{([a-z]+)\}`)
	operations(func(method, path string, op *huma.Operation) {
		for _, m := range named.FindAllStringSubmatch(path, -1) {
			if !slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "path" && p.Name == m[1] }) {
				t.Errorf("%s %s does not read {%s}", method, path, m[1])
			}
		}
	})
}

// TestEveryIdentifierIsStrict fails for an identifier in a path that takes any
// other form than the one that is given out: upper case or braces would be a
// second name for the same row.
func TestEveryIdentifierIsStrict(t *testing.T) {
	operations(func(method, path string, op *huma.Operation) {
		for _, p := range op.Parameters {
			if p.In == "path" && p.Schema.Format == "uuid" && !strings.HasPrefix(p.Schema.Pattern, "^[0-9a-f]{8}") {
				t.Errorf("%s %s takes {%s} in other forms", method, path, p.Name)
			}
		}
	})
}
