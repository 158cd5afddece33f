# Two stages: build the web application and the program, then keep the program.
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
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /diapason ./cmd/diapason && mkdir /data

FROM scratch
COPY --from=program /diapason /usr/bin/diapason
COPY --from=program --chown=65532:65532 /data /var/lib/diapason
USER 65532:65532
VOLUME /var/lib/diapason
EXPOSE 8321
ENTRYPOINT ["/usr/bin/diapason"]
CMD ["serve", "--data", "/var/lib/diapason", "--listen", "0.0.0.0:8321"]
