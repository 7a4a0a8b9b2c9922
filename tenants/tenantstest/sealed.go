package tenantstest

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
	"unicode/utf8"

	"xuncha/tenants"
)

// Full reports whether tests run at the size that is promised (TRUST §4), which takes
// minutes: XUNCHA_TEST_FULL is set.
func Full() bool { return os.Getenv("XUNCHA_TEST_FULL") != "" }

// EveryByte changes the bytes of the one text that is signed in a table, and those of
// its digest, one after the other (TRUST R-27), each time calls changed, and puts it
// back. It takes every step-th byte of the text, each byte at full size, and leaves out
// what is no JSON, and what the column's type keeps as the same. Guards that keep what
// is signed as it is are off from here on: who gets past them is who is looked for.
func EveryByte(h *House, table, column string, step int, changed func(what string)) (tried int) {
	h.t.Helper()
	where := ` where ` + column + ` is not null`
	kind := RootValue[string](h, `select data_type from information_schema.columns where table_name = $1 and column_name = $2`, table, column)
	text := []byte(RootValue[string](h, `select `+column+`::text from `+table+where))
	digest := RootValue[[]byte](h, `select digest from `+table+where)
	h.Root(`alter table ` + table + ` disable trigger user`)
	put := func(text, digest []byte) {
		h.t.Helper()
		h.Root(`update `+table+` set `+column+` = $1::text::`+kind+`, digest = $2`+where, string(text), digest)
	}
	if Full() {
		step = 1
	}
	for i := 0; i < len(text); i += step {
		for _, bit := range []byte{1, 16} {
			other := append([]byte(nil), text...)
			other[i] ^= bit
			if !utf8.Valid(other) || !json.Valid(other) || kind == "jsonb" && sameJSON(other, text) {
				continue
			}
			put(other, digest)
			tried++
			changed(string(other))
		}
	}
	for i := range digest {
		other := append([]byte(nil), digest...)
		other[i] ^= 1
		put(text, other)
		tried++
		changed("the digest")
	}
	put(text, digest)
	return tried
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// Holds checks what was signed in an office as the second verifier does, and fails the
// test unless so many texts hold, and the one other, if there is one, is named.
func Holds(t testing.TB, db *tenants.DB, office tenants.Tenant, what string, want int, room tenants.SealedIn) {
	t.Helper()
	n, broken, err := db.VerifySealed(t.Context(), office, room)
	if err != nil || n != want || len(broken) > 1 {
		t.Errorf("%s: %d hold, %v, %v; want %d", what, n, broken, err, want)
	}
}
