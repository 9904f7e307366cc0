; The installer of the package for Windows, for one user, without the rights of an administrator.
; tasks/build_windows.py gives VERSION, SOURCE (the folder of the package) and TARGET.
Unicode true
Target amd64-unicode
!include MUI2.nsh
!include LogicLib.nsh

!define NAME "landxml"
!define CHECK "Kiểm tra dữ liệu đất đai"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"

Name "landxml ${VERSION}"
OutFile "${TARGET}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
SetCompressor /SOLID lzma
SetDateSave off

!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Vietnamese"
!insertmacro MUI_LANGUAGE "English"

; What the package consists of; nothing else in the folder is touched.
!macro RemoveFiles
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\docs"
  Delete "$INSTDIR\landxml.exe"
  Delete "$INSTDIR\landxml-web.exe"
  Delete "$INSTDIR\README.txt"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\sbom.cdx.json"
!macroend

Section
  ${If} ${FileExists} "$INSTDIR\landxml.exe" ; an earlier version: its files go, nobody else's
    !insertmacro RemoveFiles
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${SOURCE}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortcut "$SMPROGRAMS\${NAME}\${NAME} (dòng lệnh).lnk" "$SYSDIR\cmd.exe" '/K "set PATH=$INSTDIR;%PATH%"' "$INSTDIR\landxml.exe"
  CreateShortcut "$SMPROGRAMS\${NAME}\${CHECK}.lnk" "$INSTDIR\landxml-web.exe"
  CreateShortcut "$DESKTOP\${CHECK}.lnk" "$INSTDIR\landxml-web.exe"
  CreateShortcut "$SENDTO\${CHECK}.lnk" "$INSTDIR\landxml-web.exe"
!if /FileExists "${SOURCE}\docs\index.html"
  CreateShortcut "$SMPROGRAMS\${NAME}\Tài liệu.lnk" "$INSTDIR\docs\index.html"
!endif

  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\landxml.exe"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
SectionEnd

Section "un."
  !insertmacro RemoveFiles
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  RMDir /r "$SMPROGRAMS\${NAME}"
  Delete "$DESKTOP\${CHECK}.lnk"
  Delete "$SENDTO\${CHECK}.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
