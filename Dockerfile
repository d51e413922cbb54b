# rollcall serve. docs/install.md says how it is run.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source
COPY . .
RUN dotnet publish src/Rollcall.Cli -a $TARGETARCH -o /app -p:DebugType=none && mkdir /state

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
COPY --from=build /app /app
# A new volume takes over the owner of the folder that it is mounted on.
COPY --from=build --chown=$APP_UID:$APP_UID /state /state
VOLUME /state
USER $APP_UID
EXPOSE 7071
# The runtime's diagnostics would need a folder to write to.
ENV DOTNET_EnableDiagnostics=0 ROLLCALL_SERVER=http://127.0.0.1:7071
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["/app/rollcall", "health"]
ENTRYPOINT ["/app/rollcall"]
CMD ["serve", "--host", "0.0.0.0", "--state", "/state"]
