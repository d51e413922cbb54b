@export()
@description('A secret of the vault, as the app uses it.')
type boundSecret = {
  @description('The name that a batch uses: letters, digits and _. The secret in the vault has the same name, with - for each _.')
  @minLength(1)
  @maxLength(120)
  name: string

  @description('The origins that it may be sent to, with commas between them: https://api.example.com,https://api2.example.com:8443.')
  @minLength(1)
  origins: string
}
