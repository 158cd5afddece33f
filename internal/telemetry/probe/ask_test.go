package probe

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
)

var certificate tls.Certificate // for 127.0.0.1, valid for 30 days, trusted by this process

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "probe")
	if err != nil {
		panic(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "probe test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 0, 30),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	file := filepath.Join(folder, "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// listening accepts connections and does something with each.
func listening(t testing.TB, l net.Listener, do func(net.Conn)) string {
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); do(c) }()
		}
	}()
	return l.Addr().String()
}

func listen(t testing.TB) net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func healthServer(t testing.TB, options ...grpc.ServerOption) string {
	s := grpc.NewServer(options...)
	h := health.NewServer()
	h.SetServingStatus("ill", grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	grpc_health_v1.RegisterHealthServer(s, h)
	l := listen(t)
	go func() { _ = s.Serve(l) }()
	t.Cleanup(s.Stop)
	return l.Addr().String()
}

func nameServer(t testing.TB) string {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{PacketConn: conn, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		a := new(dns.Msg).SetReply(q)
		switch name := strings.TrimSuffix(q.Question[0].Name, "."); {
		case name == "portal.example" && q.Question[0].Qtype == dns.TypeA:
			rr, _ := dns.NewRR("portal.example. 60 IN A 192.0.2.7")
			a.Answer = append(a.Answer, rr)
		case name == "broken.example":
			a.Rcode = dns.RcodeServerFailure
		case name != "portal.example":
			a.Rcode = dns.RcodeNameError
		}
		_ = w.WriteMsg(a)
	})}
	go func() { _ = s.ActivateAndServe() }()
	t.Cleanup(func() { _ = s.Shutdown() })
	return conn.LocalAddr().String()
}

func TestProbesOfRealTargets(t *testing.T) {
	site := http.NewServeMux()
	site.HandleFunc("/ok", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "all is well, version 12") })
	site.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	site.HandleFunc("/teapot", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) })
	site.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	site.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	plain := httptest.NewServer(site)
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(site)
	secure.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	secure.StartTLS()
	t.Cleanup(secure.Close)
	stranger := httptest.NewTLSServer(site)
	t.Cleanup(stranger.Close)
	greeting := listening(t, listen(t), func(c net.Conn) { fmt.Fprint(c, "220 mail ready\r\n"); time.Sleep(time.Second) })
	mute := listening(t, listen(t), func(net.Conn) { time.Sleep(20 * time.Second) })
	gone := httptest.NewServer(nil)
	gone.Close()
	names := nameServer(t)
	healthy, healthyTLS := healthServer(t), healthServer(t, grpc.Creds(grpcCreds()))
	host := func(url string) string { return url[strings.LastIndex(url, "/")+1:] }
	for _, c := range []struct {
		name    string
		d       Definition
		success bool
		sight   sight
		reason  string
	}{
		{"a page that answers", Definition{Type: TypeHTTP, Target: plain.URL + "/ok"}, true, seen, ""},
		{"a page that answers by TLS", Definition{Type: TypeHTTP, Target: secure.URL + "/ok", Expires: 20 * 24 * time.Hour}, true, seen, ""},
		{"a certificate that expires too soon", Definition{Type: TypeHTTP, Target: secure.URL + "/ok", Expires: 40 * 24 * time.Hour}, false, seen, "certificate expires"},
		{"a certificate of a stranger", Definition{Type: TypeHTTP, Target: stranger.URL + "/ok"}, false, seen, "certificate"},
		{"a page with an error", Definition{Type: TypeHTTP, Target: plain.URL + "/broken"}, false, seen, "status"},
		{"a page behind a redirect", Definition{Type: TypeHTTP, Target: plain.URL + "/moved"}, true, seen, ""},
		{"a code that is expected", Definition{Type: TypeHTTP, Target: plain.URL + "/teapot", Status: []int{418, 204}}, true, seen, ""},
		{"a code that is not expected", Definition{Type: TypeHTTP, Target: plain.URL + "/ok", Status: []int{204}}, false, seen, "status"},
		{"a page that contains what it should", Definition{Type: TypeHTTP, Target: plain.URL + "/ok", Contains: `version \d+`}, true, seen, ""},
		{"a page that does not", Definition{Type: TypeHTTP, Target: plain.URL + "/ok", Contains: "maintenance"}, false, seen, ""},
		{"a page that takes too long", Definition{Type: TypeHTTP, Target: plain.URL + "/slow", Timeout: 200 * time.Millisecond}, false, silent, ""},
		{"a server that is gone but its machine is there", Definition{Type: TypeHTTP, Target: gone.URL}, false, seen, "refused"},
		{"a port that is open", Definition{Type: TypeTCP, Target: greeting}, true, seen, ""},
		{"a greeting that is awaited", Definition{Type: TypeTCP, Target: greeting, Contains: "^220 "}, true, seen, ""},
		{"another greeting", Definition{Type: TypeTCP, Target: greeting, Contains: "^250 ", Timeout: 2 * time.Second}, false, seen, ""},
		{"a port that says nothing", Definition{Type: TypeTCP, Target: mute, Contains: "x", Timeout: 200 * time.Millisecond}, false, silent, ""},
		{"a name that does not exist", Definition{Type: TypeTCP, Target: "nowhere.invalid:80", Timeout: 3 * time.Second}, false, silent, ""},
		{"TLS on a port", Definition{Type: TypeTLS, Target: host(secure.URL), Expires: 24 * time.Hour}, true, seen, ""},
		{"TLS that expires too soon", Definition{Type: TypeTLS, Target: host(secure.URL), Expires: 365 * 24 * time.Hour}, false, seen, "certificate expires"},
		{"TLS of a stranger", Definition{Type: TypeTLS, Target: host(stranger.URL)}, false, seen, "certificate"},
		{"TLS where none is spoken", Definition{Type: TypeTLS, Target: greeting}, false, seen, ""},
		{"a name that resolves", Definition{Type: TypeDNS, Target: names, Name: "portal.example"}, true, seen, ""},
		{"a name that resolves to what it should", Definition{Type: TypeDNS, Target: names, Name: "portal.example", Contains: `192\.0\.2\.7`}, true, seen, ""},
		{"a name that resolves to something else", Definition{Type: TypeDNS, Target: names, Name: "portal.example", Contains: `192\.0\.2\.8`}, false, seen, ""},
		{"a name without such a record", Definition{Type: TypeDNS, Target: names, Name: "portal.example", Record: "MX"}, false, seen, ""},
		{"a name that is unknown", Definition{Type: TypeDNS, Target: names, Name: "other.example"}, false, seen, ""},
		{"a server of names that fails", Definition{Type: TypeDNS, Target: names, Name: "broken.example"}, false, seen, ""},
		{"a service that is healthy", Definition{Type: TypeGRPC, Target: healthy}, true, seen, ""},
		{"a service that is healthy, by TLS", Definition{Type: TypeGRPC, Target: healthyTLS, Secure: true, Expires: 24 * time.Hour}, true, seen, ""},
		{"a service whose certificate expires too soon", Definition{Type: TypeGRPC, Target: healthyTLS, Secure: true, Expires: 365 * 24 * time.Hour}, false, seen, "certificate expires"},
		{"a service that is ill", Definition{Type: TypeGRPC, Target: healthy, Name: "ill"}, false, seen, "NOT_SERVING"},
		{"a service that is unknown", Definition{Type: TypeGRPC, Target: healthy, Name: "other"}, false, seen, "unknown service"},
		{"a server of gRPC that accepts and stays silent", Definition{Type: TypeGRPC, Target: mute, Timeout: 300 * time.Millisecond}, false, silent, ""},
		{"a server of gRPC that is gone", Definition{Type: TypeGRPC, Target: host(gone.URL)}, false, seen, "refused"},
		{"an address without a way to it", Definition{Type: TypeTCP, Target: "[2001:db8::1]:80", Timeout: 500 * time.Millisecond}, false, blind, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.d
			d.Source = "test"
			d, err := d.withDefaults()
			if err != nil {
				t.Fatal(err)
			}
			started := time.Now()
			r := ask(context.Background(), &d)
			if c.sight == blind && r.sight == silent {
				t.Skip("this machine has a way to every address")
			}
			if r.success != c.success || r.sight != c.sight || !strings.Contains(strings.ToLower(r.reason), strings.ToLower(c.reason)) {
				t.Errorf("success %t, sight %d, %q; want %t, %d, %q", r.success, r.sight, r.reason, c.success, c.sight, c.reason)
			}
			if !r.success && r.reason == "" {
				t.Error("a failure without a reason")
			}
			if took := time.Since(started); took > d.Timeout+2*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestPing(t *testing.T) {
	d, _ := Definition{Source: "ping", Type: TypeICMP, Target: "127.0.0.1"}.withDefaults()
	r := ask(context.Background(), &d)
	if r.sight == blind {
		t.Skip("this process may not send ICMP: ", r.reason)
	}
	if !r.success {
		t.Error(r.reason)
	}
}

func TestDefinitionsThatCannotBeRunAreGivenBack(t *testing.T) {
	for _, c := range []struct {
		name string
		d    Definition
	}{
		{"no type", Definition{Target: "a"}},
		{"an unknown type", Definition{Type: "smoke", Target: "a"}},
		{"no target", Definition{Type: TypeHTTP}},
		{"an address without a scheme", Definition{Type: TypeHTTP, Target: "portal.example"}},
		{"a file", Definition{Type: TypeHTTP, Target: "file:///etc/passwd"}},
		{"no port", Definition{Type: TypeTCP, Target: "portal.example"}},
		{"an address for a ping", Definition{Type: TypeICMP, Target: "http://portal.example/"}},
		{"no name to resolve", Definition{Type: TypeDNS, Target: "192.0.2.1"}},
		{"a record that is not asked for", Definition{Type: TypeDNS, Target: "192.0.2.1", Name: "a", Record: "AXFR"}},
		{"an interval too short", Definition{Type: TypeICMP, Target: "a", Interval: time.Millisecond}},
		{"a negative interval", Definition{Type: TypeICMP, Target: "a", Interval: -time.Minute}},
		{"a negative timeout", Definition{Type: TypeICMP, Target: "a", Timeout: -time.Minute}},
		{"an expression that is none", Definition{Type: TypeHTTP, Target: "http://a", Contains: "("}},
		{"a code that is none", Definition{Type: TypeHTTP, Target: "http://a", Status: []int{20}}},
	} {
		c.d.Source = c.name
		r, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		problems := r.Set([]Definition{c.d, {Source: "good", Type: TypeICMP, Target: "127.0.0.1"}})
		if len(problems) != 1 || problems[0].Source != c.name || problems[0].Err == nil || r.Figures().Probes != 1 {
			t.Errorf("%s: %v, %d run", c.name, problems, r.Figures().Probes)
		}
	}
	if _, err := New(Options{References: []string{"gateway"}}); err == nil {
		t.Error("a reference without a port is taken")
	}
	d, err := Definition{Type: TypeICMP, Target: "a", Interval: 5 * time.Second, Timeout: time.Minute}.withDefaults()
	if err != nil || d.Timeout != 5*time.Second {
		t.Errorf("a timeout beyond the interval: %s, %v", d.Timeout, err)
	}
}
