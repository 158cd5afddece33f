# Three stages: the web application, the program, and an image that holds the
# program alone. Nothing in the image is written to but the data volume, so it runs
# with a read-only root: docker run --read-only --tmpfs /tmp …
FROM node:20-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM golang:1.26-bookworm AS program
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/dist web/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /image/usr/bin/diapason ./cmd/diapason
# Certificates are for databases over TLS; /tmp for large workbooks.
RUN mkdir -p /image/var/lib/diapason /image/tmp /image/etc/ssl/certs \
    && cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
    && chmod 1777 /image/tmp && chown 65532:65532 /image/var/lib/diapason && chmod 0700 /image/var/lib/diapason

FROM scratch
COPY --from=program /image /
USER 65532:65532
VOLUME /var/lib/diapason
EXPOSE 8321
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/usr/bin/diapason", "health"]
ENTRYPOINT ["/usr/bin/diapason"]
CMD ["serve", "--data", "/var/lib/diapason", "--listen", "0.0.0.0:8321"]
