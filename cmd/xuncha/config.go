package main

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection/rectification/files"
	"xuncha/jobs"
)

// developmentSecret keeps nothing secret: it is printed here.
var developmentSecret = []byte("xuncha development, not a secret")

// config is everything that the environment decides.
type config struct {
	Production bool // XUNCHA_MODE, production (the default) or development
	Demo       bool // everything is invented, and every page says so; set by demo alone

	Surfaces  []string // XUNCHA_SURFACES, which of workbench, public and jobs this process runs
	Addr      string   // XUNCHA_ADDR, where workbench and API listen
	AddrOut   string   // XUNCHA_PUBLIC_ADDR, where the public pages listen
	AddrOps   string   // XUNCHA_OPS_ADDR, where the operator's job screens listen, if anywhere; not for users' networks
	URL       *url.URL // XUNCHA_URL, how browsers reach the workbench
	PublicURL *url.URL // XUNCHA_PUBLIC_URL, how citizens reach the public pages
	Proxied   bool     // XUNCHA_PUBLIC_PROXIED, yes if one proxy before the public pages appends to X-Forwarded-For

	Logins logins
	OIDC   oidcConfig
	Secret []byte // XUNCHA_SECRET, at least 32 bytes in base64: signs cursors
	Files  string // XUNCHA_FILES_URL, where evidence lies: file:///var/lib/xuncha or s3://bucket
	Mail   mailConfig

	// XUNCHA_CLAMD, where ClamAV's daemon listens: unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310.
	// Evidence is not looked through for viruses if it is not set. Its StreamMaxLength should be 200M.
	Scanner *files.Clamd

	Rate      int           // XUNCHA_RATE, requests a second that one session or key may send; 0 for no limit
	Drain     time.Duration // XUNCHA_DRAIN, how long a stopping service still takes requests, for the balancer to notice
	Grace     time.Duration // XUNCHA_GRACE, how long a stop may take after that
	LogLevel  slog.Level    // XUNCHA_LOG_LEVEL
	Collector string        // OTEL_EXPORTER_OTLP_ENDPOINT; no traces or metrics if empty
}

// logins are the addresses under which the parts of the service log in to the
// database. None of them but Owner owns a table, and only migrate uses Owner.
type logins struct {
	App    string // XUNCHA_DATABASE_URL, as xuncha_app
	Jobs   string // XUNCHA_JOBS_DATABASE_URL, as xuncha_jobs
	Public string // XUNCHA_PUBLIC_DATABASE_URL, as xuncha_public
	Intake string // XUNCHA_INTAKE_DATABASE_URL, as xuncha_intake; without it the public pages take no opinions
	Owner  string // XUNCHA_OWNER_DATABASE_URL, as xuncha_owner
}

// oidcConfig names the government portal.
type oidcConfig struct {
	Issuer string // XUNCHA_OIDC_ISSUER
	Client string // XUNCHA_OIDC_CLIENT_ID
	Secret string // XUNCHA_OIDC_CLIENT_SECRET
}

// mailConfig names the mail server; reminders stay in the application if it is
// not set. Its scheme is smtp, which demands STARTTLS, or smtp+plain.
type mailConfig struct {
	Server *url.URL // XUNCHA_SMTP_URL, smtp://user:password@mail.example.org:587
	From   string   // XUNCHA_MAIL_FROM
}

// surfaces are the parts that one process may run, alone or together.
var surfaces = []string{"workbench", "public", "jobs"}

// notice is the line that stands on every page, or nothing.
func (c config) notice() string {
	if c.Demo {
		return "演示数据，与任何真实地区、单位和个人无关"
	}
	return ""
}

// key derives the key for one use from the secret.
func (c config) key(use string) []byte {
	key, err := hkdf.Key(sha256.New, c.Secret, nil, "xuncha "+use, 32)
	if err != nil {
		panic(err) // only for a key that is longer than such keys can be
	}
	return key
}

// smtp returns the mail server as the jobs know it.
func (m mailConfig) smtp(log *slog.Logger) jobs.SMTP {
	port, err := strconv.Atoi(m.Server.Port())
	if err != nil {
		port = 587
	}
	password, _ := m.Server.User.Password()
	return jobs.SMTP{
		Host: m.Server.Hostname(), Port: port, User: m.Server.User.Username(), Password: password,
		From: m.From, Plain: m.Server.Scheme != "smtp", Log: log,
	}
}

func (c config) runs(surface string) bool { return slices.Contains(c.Surfaces, surface) }

// readConfig reads the configuration and reports everything wrong with it at once.
func readConfig(getenv func(string) string) (config, error) {
	r := &reader{getenv: getenv}
	c := config{
		Production: r.choice("XUNCHA_MODE", "production", "production", "development") == "production",
		Surfaces:   r.list("XUNCHA_SURFACES", surfaces),
		Addr:       r.addr("XUNCHA_ADDR", "127.0.0.1:8080"),
		AddrOut:    r.addr("XUNCHA_PUBLIC_ADDR", "127.0.0.1:8081"),
		AddrOps:    r.addr("XUNCHA_OPS_ADDR", ""),
		URL:        r.url("XUNCHA_URL", "http://127.0.0.1:8080"),
		PublicURL:  r.url("XUNCHA_PUBLIC_URL", "http://127.0.0.1:8081"),
		Proxied:    r.choice("XUNCHA_PUBLIC_PROXIED", "no", "no", "yes") == "yes",
		OIDC: oidcConfig{
			Issuer: r.text("XUNCHA_OIDC_ISSUER", ""),
			Client: r.text("XUNCHA_OIDC_CLIENT_ID", "xuncha"),
			Secret: r.text("XUNCHA_OIDC_CLIENT_SECRET", ""),
		},
		Secret:    r.secret("XUNCHA_SECRET"),
		Files:     r.text("XUNCHA_FILES_URL", "file:///var/lib/xuncha/files?create_dir=true&no_tmp_dir=true"),
		Mail:      r.mail(),
		Scanner:   r.scanner(),
		Rate:      r.rate(),
		Drain:     r.duration("XUNCHA_DRAIN", "5s"),
		Grace:     r.duration("XUNCHA_GRACE", "20s"),
		Collector: getenv("OTEL_EXPORTER_OTLP_ENDPOINT"),
	}
	c.Logins = r.logins(c.Production)
	if err := c.LogLevel.UnmarshalText([]byte(r.text("XUNCHA_LOG_LEVEL", "info"))); err != nil {
		r.wrong("XUNCHA_LOG_LEVEL", "%w", err)
	}
	if c.Production {
		r.strict(c)
	}
	return c, errors.Join(r.errs...)
}

// readOwner reads the one thing that migrate needs.
func readOwner(getenv func(string) string) (string, error) {
	r := &reader{getenv: getenv}
	production := r.choice("XUNCHA_MODE", "production", "production", "development") == "production"
	owner := r.logins(production).Owner
	r.errs = nil // what else is missing does not matter here
	if owner == "" {
		r.wrong("XUNCHA_OWNER_DATABASE_URL", "is not set")
	} else if production {
		r.checkTLS("XUNCHA_OWNER_DATABASE_URL", owner)
	}
	return owner, errors.Join(r.errs...)
}

// reader reads settings and collects what is wrong with them.
type reader struct {
	getenv func(string) string
	errs   []error
}

func (r *reader) wrong(name, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf(name+" "+format, args...))
}

// text returns a setting, which must be set if it has no fallback.
func (r *reader) text(name, fallback string) string {
	v := r.getenv(name)
	if v == "" {
		v = fallback
	}
	if v == "" {
		r.wrong(name, "is not set")
	}
	return v
}

func (r *reader) choice(name, fallback string, choices ...string) string {
	v := r.text(name, fallback)
	if !slices.Contains(choices, v) {
		r.wrong(name, "is %q, not one of %s", v, strings.Join(choices, ", "))
	}
	return v
}

func (r *reader) list(name string, choices []string) []string {
	all := strings.Split(r.text(name, strings.Join(choices, ",")), ",")
	for i, v := range all {
		all[i] = strings.TrimSpace(v)
		if !slices.Contains(choices, all[i]) {
			r.wrong(name, "has %q, not one of %s", v, strings.Join(choices, ", "))
		}
	}
	return all
}

// addr returns where to listen; without a fallback it may be empty.
func (r *reader) addr(name, fallback string) string {
	v := r.getenv(name)
	if v == "" {
		return fallback
	}
	if _, _, err := net.SplitHostPort(v); err != nil {
		r.wrong(name, "is %q, not host:port", v)
	}
	return v
}

func (r *reader) url(name, fallback string) *url.URL {
	v := r.text(name, fallback)
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
		r.wrong(name, "is %q, not like https://xuncha.example.org", v)
		return &url.URL{}
	}
	u.Path = ""
	return u
}

func (r *reader) duration(name, fallback string) time.Duration {
	d, err := time.ParseDuration(r.text(name, fallback))
	if err != nil || d < 0 {
		r.wrong(name, "is not a duration such as 15s")
	}
	return d
}

// rate returns a limit that no person meets: a screen that opens asks for ten
// things or so.
func (r *reader) rate() int {
	n, err := strconv.ParseUint(r.text("XUNCHA_RATE", "100"), 10, 31)
	if err != nil {
		r.wrong("XUNCHA_RATE", "is not a whole number such as 100")
	}
	return int(n)
}

func (r *reader) secret(name string) []byte {
	v := r.getenv(name)
	if v == "" {
		return developmentSecret
	}
	b, err := base64.StdEncoding.DecodeString(v)
	if err != nil || len(b) < 32 {
		r.wrong(name, "is not at least 32 bytes in base64 (make one: openssl rand -base64 32)")
	}
	return b
}

func (r *reader) scanner() *files.Clamd {
	v := r.getenv("XUNCHA_CLAMD")
	if v == "" {
		return nil
	}
	network, address, _ := strings.Cut(v, ":")
	_, _, err := net.SplitHostPort(address)
	if network == "unix" && strings.HasPrefix(address, "/") || network == "tcp" && err == nil {
		return &files.Clamd{Network: network, Address: address}
	}
	r.wrong("XUNCHA_CLAMD", "is %q, not like unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310", v)
	return nil
}

func (r *reader) mail() mailConfig {
	v := r.getenv("XUNCHA_SMTP_URL")
	if v == "" {
		return mailConfig{}
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtp+plain" || u.Hostname() == "" {
		r.wrong("XUNCHA_SMTP_URL", "is not like smtp://user:password@mail.example.org:587") // err would repeat the password
		return mailConfig{}
	}
	m := mailConfig{Server: u, From: r.text("XUNCHA_MAIL_FROM", "")}
	if m.From != "" {
		if err := m.smtp(slog.Default()).Check(); err != nil {
			r.wrong("XUNCHA_MAIL_FROM", "or XUNCHA_SMTP_URL: %w", err)
		}
	}
	return m
}

// logins reads the addresses of the database. In development the one of the
// application is enough: the others differ from it in the login alone.
func (r *reader) logins(production bool) logins {
	app := r.getenv("XUNCHA_DATABASE_URL")
	if app == "" {
		r.wrong("XUNCHA_DATABASE_URL", "is not set")
	}
	other := func(name, login string, needed bool) string {
		v := r.getenv(name)
		if v == "" && !production {
			v = withLogin(app, login)
		}
		if v == "" && needed {
			r.wrong(name, "is not set")
		}
		return v
	}
	return logins{
		App:    app,
		Jobs:   other("XUNCHA_JOBS_DATABASE_URL", "xuncha_jobs", true),
		Public: other("XUNCHA_PUBLIC_DATABASE_URL", "xuncha_public", true),
		Intake: other("XUNCHA_INTAKE_DATABASE_URL", "xuncha_intake", false),
		Owner:  other("XUNCHA_OWNER_DATABASE_URL", "xuncha_owner", false), // a service never needs it
	}
}

// withLogin returns a database's address for another login, which has the same
// password.
func withLogin(address, login string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" && u.User == nil {
		return ""
	}
	if password, ok := u.User.Password(); ok {
		u.User = url.UserPassword(login, password)
	} else {
		u.User = url.User(login)
	}
	return u.String()
}

// strict refuses what is fit for development alone.
func (r *reader) strict(c config) {
	if slices.Equal(c.Secret, developmentSecret) {
		r.wrong("XUNCHA_SECRET", "is not set, and production does not run on the development secret")
	}
	for name, u := range map[string]*url.URL{"XUNCHA_URL": c.URL, "XUNCHA_PUBLIC_URL": c.PublicURL} {
		if u.Scheme != "https" {
			r.wrong(name, "is not https")
		}
	}
	if u, err := url.Parse(c.OIDC.Issuer); c.OIDC.Issuer != "" && (err != nil || u.Scheme != "https") {
		r.wrong("XUNCHA_OIDC_ISSUER", "is not https")
	}
	for name, address := range map[string]string{
		"XUNCHA_DATABASE_URL":        c.Logins.App,
		"XUNCHA_JOBS_DATABASE_URL":   c.Logins.Jobs,
		"XUNCHA_PUBLIC_DATABASE_URL": c.Logins.Public,
		"XUNCHA_INTAKE_DATABASE_URL": c.Logins.Intake,
	} {
		r.checkTLS(name, address)
	}
	if c.Mail.Server != nil && c.Mail.Server.Scheme != "smtp" {
		r.wrong("XUNCHA_SMTP_URL", "is not encrypted: use smtp://, which demands STARTTLS")
	}
}

// checkTLS refuses a database that is reached over a network without checking
// who answers.
func (r *reader) checkTLS(name, address string) {
	if address == "" {
		return
	}
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		r.wrong(name, "is not a database's address") // err would repeat it, password and all
		return
	}
	verified := cfg.TLSConfig != nil && !cfg.TLSConfig.InsecureSkipVerify
	for _, f := range cfg.Fallbacks {
		verified = verified && f.TLSConfig != nil && !f.TLSConfig.InsecureSkipVerify
	}
	if !verified && !onThisMachine(cfg.Host) {
		r.wrong(name, "reaches the database at %s without verified TLS: add sslmode=verify-full", cfg.Host)
	}
}

// onThisMachine says whether a host is a socket's folder or a loopback address.
func onThisMachine(host string) bool {
	if strings.HasPrefix(host, "/") || host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
