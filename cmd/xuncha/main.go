// Command xuncha is the whole service in one binary: the demo, the service and
// its workers, migrations, and the tools of whoever runs it.
//
// This folder reads the environment, fills the rooms with what they need and
// starts and stops them. It has no rules and no SQL of its own.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"xuncha/deploy/bench"
)

// environment is what a command may use of the world outside.
type environment struct {
	getenv func(string) string
	stdout io.Writer
	stderr io.Writer
}

// commands are what the binary can do. Each has a method Run.
type commands struct {
	Demo    demoCmd    `cmd:"" help:"Run everything on this machine with invented offices and people."`
	Serve   serveCmd   `cmd:"" help:"Serve the workbench, the public pages and the jobs (XUNCHA_SURFACES chooses)."`
	Work    workCmd    `cmd:"" help:"Run the jobs alone."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to the form that this release expects."`
	Audit   auditCmd   `cmd:"" help:"Check the journal."`
	Rollups rollupsCmd `cmd:"" help:"Count anew what the roll-ups count."`
	Bench   benchCmd   `cmd:"" help:"Measure our paths beside bare ones; prints a table and writes bench.json."`
	Token   tokenCmd   `cmd:"" help:"Make and revoke the tokens with which machines use the API."`
	Ledger  ledgerCmd  `cmd:"" help:"Read ledgers without a database."`
	OpenAPI openAPICmd `cmd:"" name:"openapi" help:"Print the description of the API."`
	Office  officeCmd  `cmd:"" help:"Open offices."`
	Member  memberCmd  `cmd:"" help:"See who belongs to an office; appoint its first administrator."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	if err := run(context.Background(), os.Args[1:], os.Getenv, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "xuncha:", err)
		os.Exit(1)
	}
}

// stopSignals are what asks for an orderly stop. A terminal that is closed does,
// unless the command was started to outlive it (nohup).
func stopSignals() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// run is main without its globals, so that tests can call it. The first signal
// stops the command in an orderly way, the second at once.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	ctx, stop := signal.NotifyContext(ctx, stopSignals()...)
	defer stop()
	context.AfterFunc(ctx, stop)

	answered := false // by --help
	parser, err := kong.New(&commands{},
		kong.Name("xuncha"),
		kong.Description("巡察整改协同平台 / cascaded inspection"),
		kong.Writers(stdout, stderr),
		kong.Vars{"bench_rows": strings.Join(bench.Names(), ", ")},
		kong.Exit(func(int) { answered = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(stdout, (*io.Writer)(nil)),
		kong.Bind(&environment{getenv: getenv, stdout: stdout, stderr: stderr}))
	if err != nil {
		return err
	}
	command, err := parser.Parse(args)
	if answered {
		return nil
	}
	if err != nil {
		return err
	}
	return command.Run()
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(env *environment) error {
	_, err := fmt.Fprintln(env.stdout, version())
	return err
}

// release is set by the linker (make build).
var release = ""

// version is the release, or what the toolchain knows of the source.
func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
