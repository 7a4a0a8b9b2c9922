package api

import (
	"errors"
	"net/url"
	"unicode/utf8"
)

// parseQuery is url.ParseQuery without repair: every name and value must be
// valid percent-encoding and valid UTF-8.
func parseQuery(raw string) (url.Values, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, err
	}
	for name, vs := range values {
		for _, v := range append(vs, name) {
			if !utf8.ValidString(v) {
				return nil, errors.New("not UTF-8")
			}
		}
	}
	return values, nil
}
