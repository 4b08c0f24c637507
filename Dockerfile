# syntax=docker/dockerfile:1
# docker build -t infoscale-webhook:0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" .

# The SDK with a linker. Native code is made for the platform that this stage runs on, which is the one that is asked for.
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble-aot AS build
WORKDIR /source

# Packages first: this layer is used again until a dependency changes.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Directory.Build.props src/BannedSymbols.txt src/
COPY src/Webhook.Resources/Webhook.Resources.csproj src/Webhook.Resources/packages.lock.json src/Webhook.Resources/
COPY src/Webhook.Cluster/Webhook.Cluster.csproj src/Webhook.Cluster/packages.lock.json src/Webhook.Cluster/
COPY src/Webhook.Rules/Webhook.Rules.csproj src/Webhook.Rules/packages.lock.json src/Webhook.Rules/
COPY src/Webhook/Webhook.csproj src/Webhook/packages.publish.lock.json src/Webhook/
# As publish restores it. Not locked: the compiler's version is that of the image's SDK, which is patched more often than the lock file.
RUN dotnet restore src/Webhook -p:_IsPublishing=true

COPY src src
ARG REVISION
RUN dotnet publish src/Webhook -o /app -p:SourceRevisionId="$REVISION"

# No shell, no package manager; the runtime comes with the program.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
LABEL org.opencontainers.image.title="InfoScale admission webhook" \
  org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /app /app
# By number, so that runAsNonRoot can be checked. The image's own user "app".
USER 1654:1654
# The base image's port is not served, and naming it only warns.
ENV ASPNETCORE_HTTP_PORTS=
EXPOSE 8443
ENTRYPOINT ["/app/infoscale-webhook"]
CMD ["serve"]
