package main

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"
)

// production is the environment of a service that may start.
func production() map[string]string {
	return map[string]string{
		"XUNCHA_URL":                 "https://xuncha.example.org",
		"XUNCHA_PUBLIC_URL":          "https://gongkai.example.org",
		"XUNCHA_DATABASE_URL":        "postgres://xuncha_app:a@db.example.org/xuncha?sslmode=verify-full",
		"XUNCHA_JOBS_DATABASE_URL":   "postgres://xuncha_jobs:b@db.example.org/xuncha?sslmode=verify-full",
		"XUNCHA_PUBLIC_DATABASE_URL": "postgres://xuncha_public:c@db.example.org/xuncha?sslmode=verify-full",
		"XUNCHA_OIDC_ISSUER":         "https://portal.example.org",
		"XUNCHA_OIDC_CLIENT_SECRET":  "d",
		"XUNCHA_SECRET":              base64.StdEncoding.EncodeToString([]byte("a secret of thirty-two bytes, 32")),
	}
}

func TestProduction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		setting string
		value   string
		want    string // part of the refusal; none if empty
	}{
		{"as it should be", "XUNCHA_MODE", "", ""},
		{"database on this machine", "XUNCHA_DATABASE_URL", "postgres://xuncha_app@/xuncha?host=/run/postgresql", ""},
		{"database behind a local pooler", "XUNCHA_JOBS_DATABASE_URL", "postgres://xuncha_jobs@127.0.0.1:6432/xuncha", ""},
		{"no TLS", "XUNCHA_DATABASE_URL", "postgres://xuncha_app@db.example.org/xuncha?sslmode=disable", "XUNCHA_DATABASE_URL reaches"},
		{"TLS if possible", "XUNCHA_DATABASE_URL", "postgres://xuncha_app@db.example.org/xuncha", "verify-full"},
		{"TLS with anybody", "XUNCHA_PUBLIC_DATABASE_URL", "postgres://xuncha_app@db.example.org/xuncha?sslmode=require", "XUNCHA_PUBLIC_DATABASE_URL reaches"},
		{"no login for jobs", "XUNCHA_JOBS_DATABASE_URL", "", "XUNCHA_JOBS_DATABASE_URL is not set"},
		{"development secret", "XUNCHA_SECRET", "", "XUNCHA_SECRET is not set"},
		{"development secret spelt out", "XUNCHA_SECRET", base64.StdEncoding.EncodeToString(developmentSecret), "development secret"},
		{"short secret", "XUNCHA_SECRET", "c2hvcnQ=", "XUNCHA_SECRET is not at least 32 bytes"},
		{"plain workbench", "XUNCHA_URL", "http://xuncha.example.org", "XUNCHA_URL is not https"},
		{"plain portal", "XUNCHA_OIDC_ISSUER", "http://portal.example.org", "XUNCHA_OIDC_ISSUER is not https"},
		{"no portal", "XUNCHA_OIDC_ISSUER", "", "XUNCHA_OIDC_ISSUER is not set"},
		{"no portal's secret", "XUNCHA_OIDC_CLIENT_SECRET", "", "XUNCHA_OIDC_CLIENT_SECRET is not set"},
		{"plain mail", "XUNCHA_SMTP_URL", "smtp+plain://mail.example.org", "XUNCHA_SMTP_URL is not encrypted"},
		{"a scanner nowhere", "XUNCHA_CLAMD", "/run/clamav/clamd.ctl", "XUNCHA_CLAMD is \"/run/clamav/clamd.ctl\", not like unix:"},
		{"mail without a sender", "XUNCHA_SMTP_URL", "smtp://mail.example.org", "XUNCHA_MAIL_FROM is not set"},
		{"address with a path", "XUNCHA_URL", "https://example.org/xuncha", "XUNCHA_URL is"},
		{"unknown surface", "XUNCHA_SURFACES", "workbench,everything", `"everything"`},
		{"unknown mode", "XUNCHA_MODE", "prod", `"prod"`},
		{"no duration", "XUNCHA_GRACE", "15", "XUNCHA_GRACE is not a duration"},
		{"no limit", "XUNCHA_RATE", "0", ""},
		{"no number", "XUNCHA_RATE", "-1", "XUNCHA_RATE is not a whole number"},
		{"no level", "XUNCHA_LOG_LEVEL", "loud", "XUNCHA_LOG_LEVEL"},
		{"no port", "XUNCHA_ADDR", "localhost", "XUNCHA_ADDR is"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := production()
			env[tt.setting] = tt.value
			c, err := readConfig(func(name string) string { return env[name] })
			if tt.want == "" {
				if err != nil || !c.Production {
					t.Fatalf("production %t, refused: %v", c.Production, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	_, err := readConfig(func(string) string { return "" })
	if err == nil {
		t.Fatal("an empty environment is enough for production")
	}
	for _, name := range []string{
		"XUNCHA_DATABASE_URL", "XUNCHA_JOBS_DATABASE_URL", "XUNCHA_PUBLIC_DATABASE_URL",
		"XUNCHA_OIDC_ISSUER", "XUNCHA_OIDC_CLIENT_SECRET", "XUNCHA_SECRET", "XUNCHA_URL", "XUNCHA_PUBLIC_URL",
	} {
		if !strings.Contains(err.Error(), name+" ") {
			t.Errorf("%s is not among the mistakes:\n%v", name, err)
		}
	}
}

// What is wrong with an address must not put its password into a log.
func TestMistakesKeepPasswords(t *testing.T) {
	t.Parallel()
	env := production()
	env["XUNCHA_DATABASE_URL"] = "postgres://xuncha_app:hush hush@db.example.org:port/xuncha"
	env["XUNCHA_JOBS_DATABASE_URL"] = "postgres://xuncha_jobs:hush@db.example.org/xuncha?sslmode=disable"
	_, err := readConfig(func(name string) string { return env[name] })
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("err = %v", err)
	}
}

func TestDevelopment(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"XUNCHA_MODE":               "development",
		"XUNCHA_DATABASE_URL":       "postgres://xuncha_app:x@db.example.org/xuncha",
		"XUNCHA_OIDC_ISSUER":        "http://127.0.0.1:8082",
		"XUNCHA_OIDC_CLIENT_SECRET": "d",
	}
	c, err := readConfig(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	want := logins{
		App:    env["XUNCHA_DATABASE_URL"],
		Jobs:   "postgres://xuncha_jobs:x@db.example.org/xuncha",
		Public: "postgres://xuncha_public:x@db.example.org/xuncha",
		Intake: "postgres://xuncha_intake:x@db.example.org/xuncha",
		Owner:  "postgres://xuncha_owner:x@db.example.org/xuncha",
	}
	if c.Logins != want {
		t.Errorf("logins = %+v, want %+v", c.Logins, want)
	}
	for _, s := range surfaces {
		if !c.runs(s) {
			t.Errorf("%s does not run unless asked not to", s)
		}
	}
}

func TestOwner(t *testing.T) {
	t.Parallel()
	env := maps.Clone(production())
	get := func(name string) string { return env[name] }
	if _, err := readOwner(get); err == nil || !strings.Contains(err.Error(), "XUNCHA_OWNER_DATABASE_URL is not set") {
		t.Errorf("migrating without an owner: %v", err)
	}
	env["XUNCHA_OWNER_DATABASE_URL"] = "postgres://xuncha_owner@db.example.org/xuncha"
	if _, err := readOwner(get); err == nil || !strings.Contains(err.Error(), "verify-full") {
		t.Errorf("migrating without TLS: %v", err)
	}
	env["XUNCHA_OWNER_DATABASE_URL"] += "?sslmode=verify-full"
	if got, err := readOwner(get); err != nil || got != env["XUNCHA_OWNER_DATABASE_URL"] {
		t.Errorf("owner = %q, %v", got, err)
	}
}
