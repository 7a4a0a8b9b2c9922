package tenants_test

import (
	"strings"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

func TestGuarded(t *testing.T) {
	t.Parallel()
	h := tenantstest.New(t)
	tests := []struct{ login, want string }{
		{"xuncha_app", ""},
		{"xuncha_jobs", ""},
		{"xuncha_public", ""},
		{"xuncha_owner", "owns tables"},
		{"postgres", "above row security"},
	}
	for _, tt := range tests {
		t.Run(tt.login, func(t *testing.T) {
			t.Parallel()
			err := tenants.NewDB(h.Login(tt.login), inspection.SystemClock).Guarded(t.Context())
			if tt.want == "" && err != nil {
				t.Fatal(err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
}
