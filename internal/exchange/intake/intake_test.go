package intake

import (
	"fmt"
	"testing"

	"diapason/internal/language"
	"diapason/internal/model"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ name, variable, value, want string }{
		{"host and port", "CART_SERVICE_ADDR", "cartservice:7070", "[{cartservice true}]"},
		{"a bare host where the name says so", "FLAGD_HOST", "flagd", "[{flagd true}]"},
		{"a bare word where the name says nothing", "LEVEL", "info", "[]"},
		{"a URL with credentials and path", "DB", "postgres://u:p@db:5432/x?sslmode=off", "[{db false}]"},
		{"several brokers", "KAFKA_BROKERS", "k1:9092,k2:9092", "[{k1 true} {k2 true}]"},
		{"a connection string", "DB_CONNECTION_STRING", "Host=astronomy-db;Username=a;Password=b", "[{astronomy-db true}]"},
		{"a data source of Go", "DSN", "u:p@tcp(mysql:3306)/db", "[{mysql true}]"},
		{"a JDBC address", "SPRING_DATASOURCE_URL", "jdbc:postgresql://db:5432/x", "[{db true}]"},
		{"a quorum", "QUORUM_ADDRESSES", "1@kafka:9093", "[{kafka true}]"},
		{"itself on the machine", "API_URL", "http://localhost:8080", "[]"},
		{"an IP address", "API_HOST", "10.0.0.1", "[]"},
		{"where it listens", "KAFKA_LISTENERS", "PLAINTEXT://kafka:9092", "[]"},
		{"all interfaces", "ASPNETCORE_URLS", "http://*:80", "[]"},
		{"nothing", "X_HOST", " ", "[]"},
		{"twice the same", "A_URL", "http://a/x,http://A/y", "[{a true}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fmt.Sprint(Addresses(c.variable, c.value)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestResources(t *testing.T) {
	for _, c := range []struct {
		read     func(string) (model.Quantity, bool)
		in, want string
	}{
		{DockerMemory, "300M", "300 MiB"}, {DockerMemory, "1.5gb", "1.5 GiB"}, {DockerMemory, "1024", "1024 B"}, {DockerMemory, "x", ""},
		{KubernetesMemory, "64Mi", "64 MiB"}, {KubernetesMemory, "128M", "128 MB"}, {KubernetesMemory, "1e3", "1000 B"}, {KubernetesMemory, "1k", "1 KB"}, {KubernetesMemory, "1kB", ""},
		{CPU, "250m", "0.25 cores"}, {CPU, "2", "2 cores"}, {CPU, "-1", ""},
	} {
		got := ""
		if q, ok := c.read(c.in); ok {
			got = q.String()
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", c.in, got, c.want)
		}
	}
	for in, want := range map[string]Image{
		"ghcr.io/valkey-io/valkey:9.0.4-alpine": {"ghcr.io/valkey-io/valkey", "9.0.4-alpine", "cache"},
		"registry:5000/app":                     {"registry:5000/app", "", "container"},
		"busybox:1.3@sha256:ab":                 {"busybox", "1.3", "container"},
		"postgres-exporter:1":                   {"postgres-exporter", "1", "container"},
		"bitnami/postgresql":                    {"bitnami/postgresql", "", "database"},
	} {
		if got := ParseImage(in); got != want {
			t.Errorf("%s is %+v", in, got)
		}
	}
}

func TestNames(t *testing.T) {
	n := NewNames(NewReport(1 << 20))
	for _, c := range [][]string{
		{"a", "web", "web"}, {"b", "Web!", "web-2"}, {"c", "wéb", "web-3"}, {"a", "other", "web"}, {"d", "???", "x"},
	} {
		if got := n.Give("service", c[0], c[1]); got != c[2] {
			t.Errorf("%s gets %s, want %s", c[1], got, c[2])
		}
	}
	if n.Give("component", "a", "web") != "web" || n.Of("service", "b") != "web-2" || n.Of("service", "z") != "" {
		t.Error("names are given by kind")
	}
}

func TestReportStopsWhatUnfolds(t *testing.T) {
	r := NewReport(10)
	for i := range 100_000 {
		r.Put("component", fmt.Sprint("c", i), &model.Component{})
	}
	if !r.Over() || len(r.Done().Objects) > 20_000 {
		t.Error("the report has no limit")
	}
	if (Problems{r.Stop("f.yaml")}).Error() == "" || r.Stop("f.yaml").Message(language.Writer{Lang: language.FR}) == "" {
		t.Error("the limit has no words")
	}
}
